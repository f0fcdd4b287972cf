"""Names that come with the chart: of the events of the handbook, and of the lines of the financial statements."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sacco_app.ledger.types import AccountClass, AccountFacts

UNMAPPED = "Not mapped to a line"
_SECTION_OF_CLASS = {
    AccountClass.ASSET: "Assets",
    AccountClass.LIABILITY: "Liabilities",
    AccountClass.EQUITY: "Equity",
    AccountClass.INCOME: "Other income",
    AccountClass.EXPENSE: "Other expenses",
}
_INCOME_CLASSES = (AccountClass.INCOME, AccountClass.EXPENSE)


@dataclass(frozen=True, slots=True)
class LineName:
    """A line of the balance sheet (form 6) or the income statement (form 7): its code, section and words."""

    code: str
    section: str
    title: str


def _rows(name: str) -> list[dict[str, Any]]:
    text = files("sacco_app.ledger").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def event_titles() -> dict[str, str]:
    """The events of the handbook (3.3) by code."""
    return {row["code"]: row["title"] for row in _rows("events.csv")}


def event_name(code: str) -> str:
    """`J-04 Cash deposit`; the code alone for an event of a room that names none."""
    title = event_titles().get(code)
    return code if title is None else title if code == "MANUAL" else f"{code} {title}"


def event_mark(code: str) -> str:
    """The code of an event for a narrow column: `J-04`, `Manual`."""
    return code.capitalize() if code.isalpha() else code


@cache
def _line_names() -> dict[tuple[str, str], LineName]:
    rows = _rows("statement_lines.csv")
    return {(row["form"], row["line"]): LineName(row["line"], row["section"], row["title"]) for row in rows}


@cache
def line_order() -> dict[tuple[str, str], int]:
    """The place of each (section, line) in its statement."""
    return {(line.section, line.code): place for place, line in enumerate(_line_names().values())}


def line_of(account: AccountFacts) -> LineName:
    """The line that an account belongs to by its mapping column (SASRA forms 6 and 7), else a line for what has none."""
    form = "7" if account.account_class in _INCOME_CLASSES else "6"
    known = _line_names().get((form, account.kef))
    return known or LineName("", _SECTION_OF_CLASS[account.account_class], UNMAPPED)
