"""How much a screen holds, and how a list is cut into screens. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from sacco_app.kernel.gsm7 import clip, septets
from sacco_app.kernel.money import Money

SCREEN = 160
PREFIX = len("CON ")
ROOM = SCREEN - PREFIX
PER_PAGE = 6
BACK, HOME, MORE = "0", "00", "98"
PRODUCT_WIDTH = 16
NAME_WIDTH = 14
SACCO_WIDTH = 24


def lines(*parts: str) -> str:
    """The parts that say something, one under the other."""
    return "\n".join(part for part in parts if part)


def length(text: str) -> int:
    """Septets of a text that is GSM-7 already."""
    counted = septets(text)
    assert counted is not None, "texts pass through gsm7.plain"
    return counted


def cut(items: Sequence[str], around: str, more: str) -> list[Sequence[str]]:
    """The items on as many pages as are needed: at most six a page, and with `around` and `more` they fit a screen."""
    pages: list[list[str]] = [[]]
    for item in items:
        full = length(lines(around, *pages[-1], item, more)) > ROOM
        if pages[-1] and (full or len(pages[-1]) == PER_PAGE):
            pages.append([])
        pages[-1].append(item)
    return list(pages)


def account_label(product: str, number: str) -> str:
    """`Regular savings ..0001`: the product, and the end of the number only."""
    return f"{clip(product, PRODUCT_WIDTH)} ..{number[-4:]}"


def amount(money: Money) -> str:
    """`UGX 50,000`, with a plain minus sign."""
    return str(money).replace("\u2212", "-")


def signed(money: Money) -> str:
    """`+50,000` or `-50,000`, without the currency."""
    text = money.format().replace("\u2212", "-")
    return text if text.startswith("-") else f"+{text}"
