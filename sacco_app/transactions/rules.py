"""Pure rules of the transactions room: fees, numbers, amounts in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from num2words import num2words

from sacco_app.kernel.money import Money


@dataclass(frozen=True, slots=True)
class FeeRule:
    """A fee for a kind of transaction: `flat_minor` plus `rate` of the amount, at most `max_minor` if given."""

    kind: str
    product: str | None
    from_minor: int
    flat_minor: int
    rate: Decimal
    max_minor: int | None


def fee(rules: tuple[FeeRule, ...], kind: str, product: str | None, amount: Money) -> Money:
    """The fee by the rule with the highest threshold that the amount reaches; a product's own rules come first."""
    fitting = [rule for rule in rules if rule.kind == kind and rule.from_minor <= amount.minor]
    own = [rule for rule in fitting if rule.product == product]
    chosen = max(own or [rule for rule in fitting if rule.product is None], key=lambda r: r.from_minor, default=None)
    if chosen is None:
        return Money.zero(amount.currency)
    total = Money(chosen.flat_minor, amount.currency) + amount.times(chosen.rate)
    return total if chosen.max_minor is None else min(total, Money(chosen.max_minor, amount.currency))


def transaction_number(day: date, code: str) -> str:
    """`T261123-K7QX4M2P`: the day, and a code that cannot be guessed."""
    return f"T{day:%y%m%d}-{code}"


def receipt_number(till_code: str, day: date, count: int) -> str:
    """`T1-261123-0007`: gap-free per till and day."""
    return f"{till_code}-{day:%y%m%d}-{count:04d}"


def in_words(amount: Money) -> str:
    """`Fifty thousand Uganda shillings only`."""
    whole, rest = divmod(abs(amount.minor), 10**amount.currency.exponent)
    words = f"{num2words(whole).replace('-', ' ')} {amount.currency.name}"
    if rest:
        words += f" and {num2words(rest).replace('-', ' ')} {amount.currency.minor_name}"
    return f"{words[0].upper()}{words[1:]} only"
