"""Money as integer minor units. UGX has no minor unit (ISO 4217 exponent 0), KES and USD have two digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sacco_app.kernel.errors import InvalidInput

MAX_MINOR = 10**15


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency; `exponent` is the number of digits after the point."""

    code: str
    exponent: int
    name: str
    minor_name: str

    def __str__(self) -> str:
        return self.code


UGX = Currency("UGX", 0, "Uganda shillings", "cents")
KES = Currency("KES", 2, "Kenya shillings", "cents")
USD = Currency("USD", 2, "US dollars", "cents")
CURRENCIES = {currency.code: currency for currency in (UGX, KES, USD)}


class MoneyNotUnderstood(InvalidInput):
    """The text is not an amount of this currency."""

    code = "money.not_understood"
    template = "Enter the amount in digits, like {example}"


class CurrencyMismatch(RuntimeError):
    """Two currencies met in one sum: a programmer's error."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `minor` units (shillings for UGX, cents for KES) of one currency."""

    minor: int
    currency: Currency

    @classmethod
    def zero(cls, currency: Currency) -> Money:
        return cls(0, currency)

    @classmethod
    def from_decimal(cls, amount: Decimal, currency: Currency, rounding: str = ROUND_HALF_UP) -> Money:
        """Round `amount` (major units) to the currency, by the rounding mode named."""
        return cls(int((amount.scaleb(currency.exponent)).quantize(Decimal(1), rounding=rounding)), currency)

    @classmethod
    def parse(cls, text: str, currency: Currency) -> Money:
        """Read what a person types: `50,000`, `UGX 50 000`, `12.50`. Raises MoneyNotUnderstood.

        Thousands are set apart in threes or not at all: `12,50` may be meant otherwise and is no amount.
        """
        typed = re.sub(rf"^\s*{currency.code}", "", text, flags=re.IGNORECASE).strip()
        decimals = rf"(\.\d{{1,{currency.exponent}}})?" if currency.exponent else r"(\.0{1,2})?"
        if not re.fullmatch(
            rf"-?([0-9]{{1,20}}|[0-9]{{1,3}}([ ,_\u00a0][0-9]{{3}})+){decimals}", typed, flags=re.ASCII
        ):
            raise MoneyNotUnderstood(example=cls(50_000 * 10**currency.exponent, currency).format())
        money = cls.from_decimal(Decimal(re.sub(r"[ ,_\u00a0]", "", typed)), currency)
        if abs(money.minor) > MAX_MINOR:
            raise MoneyNotUnderstood(example=cls(50_000 * 10**currency.exponent, currency).format())
        return money

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency.code} and {other.currency.code}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        return not self <= other

    def __ge__(self, other: Money) -> bool:
        return not self < other

    def __bool__(self) -> bool:
        return self.minor != 0

    def times(self, factor: Decimal, rounding: str = ROUND_HALF_UP) -> Money:
        """This amount times `factor`, rounded to the currency by the mode named."""
        product = Decimal(self.minor) * factor
        return Money(int(product.quantize(Decimal(1), rounding=rounding)), self.currency)

    def allocate(self, weights: Sequence[Decimal]) -> list[Money]:
        """Split by weights so that the parts sum to this amount exactly (largest remainder, first wins ties)."""
        total = sum(weights, Decimal(0))
        if total <= 0:
            raise ValueError("weights must sum to more than zero")
        raw = [Decimal(self.minor) * weight / total for weight in weights]
        shares = [int(part // 1) for part in raw]
        order = sorted(range(len(raw)), key=lambda index: (shares[index] - raw[index], index))
        for index in order[: self.minor - sum(shares)]:
            shares[index] += 1
        return [Money(share, self.currency) for share in shares]

    @property
    def decimal(self) -> Decimal:
        """The amount in major units."""
        return Decimal(self.minor).scaleb(-self.currency.exponent)

    def format(self, *, with_code: bool = False) -> str:
        """`1,234,567` or `UGX 1,234,567`; negatives with a true minus sign."""
        sign = "\u2212" if self.minor < 0 else ""
        text = f"{sign}{abs(self.decimal):,.{self.currency.exponent}f}"
        return f"{self.currency.code} {text}" if with_code else text

    def __str__(self) -> str:
        return self.format(with_code=True)
