"""Pure rules of the transactions room: what a transaction costs, what it may not exceed, numbers, amounts in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from num2words import num2words

from sacco_app.kernel.money import Money
from sacco_app.transactions.errors import (
    AboveLimitOfDay,
    AboveLimitOnce,
    ChannelSwitchedOff,
    TooManyToday,
)
from sacco_app.transactions.types import CHANNELS, PLURALS, Charge, CountedFor


@dataclass(frozen=True, slots=True)
class FeeRule:
    """A fee for a kind of transaction: `flat_minor` plus `rate` of the amount, at most `max_minor` if given.

    It holds for amounts of `from_minor` and more, from one business date to another, both included. `product` and
    `channel` are None where it holds for all of them.
    """

    kind: str
    product: str | None
    channel: str | None
    from_minor: int
    flat_minor: int
    rate: Decimal
    max_minor: int | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Limit:
    """The most of a kind of transaction: in one, in a business day, and how many in a day; None limits nothing.

    A day is counted for each account, member or maker. With `channel` or `role` it holds for those alone; one for a role
    stands in place of the one for everybody with the same channel and count.
    """

    kind: str
    channel: str | None
    role: str | None
    counted_for: str
    max_one_minor: int | None
    max_day_minor: int | None
    max_day_count: int | None
    valid_from: date
    valid_to: date | None

    @property
    def counts_days(self) -> bool:
        return self.max_day_minor is not None or self.max_day_count is not None


@dataclass(frozen=True, slots=True)
class Used:
    """What was done of a kind on a day already."""

    total_minor: int
    count: int


def in_force(rule: FeeRule | Limit, day: date) -> bool:
    """True when the rule holds on this business date; both ends count."""
    return rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)


def fee(
    rules: Iterable[FeeRule], kind: str, amount: Money, day: date, product: str | None = None, channel: str = ""
) -> Money:
    """The fee of the day: rules of the product come first, then those of the channel, then the highest step reached."""
    fitting = [
        rule
        for rule in rules
        if rule.kind == kind
        and rule.product in (None, product)
        and rule.channel in (None, channel)
        and rule.from_minor <= amount.minor
        and in_force(rule, day)
    ]
    if not fitting:
        return Money.zero(amount.currency)
    chosen = max(fitting, key=lambda rule: (rule.product is not None, rule.channel is not None, rule.from_minor))
    total = Money(chosen.flat_minor, amount.currency) + amount.times(chosen.rate)
    return total if chosen.max_minor is None else min(total, Money(chosen.max_minor, amount.currency))


def charge(fee: Money, duty_rate: Decimal) -> Charge:
    """The fee with the duty on it, rounded half up to the currency."""
    return Charge(fee, fee.times(duty_rate))


def limits_for(limits: Iterable[Limit], kind: str, channel: str, roles: Collection[str], day: date) -> list[Limit]:
    """The limits that this actor has for this kind of transaction on this channel and day."""
    fitting = [
        limit
        for limit in limits
        if limit.kind == kind
        and limit.channel in (None, channel)
        and (limit.role is None or limit.role in roles)
        and in_force(limit, day)
    ]
    own = {(limit.channel, limit.counted_for) for limit in fitting if limit.role}
    return [limit for limit in fitting if limit.role or (limit.channel, limit.counted_for) not in own]


def _by(limit: Limit) -> str:
    return f" through {CHANNELS.get(limit.channel, limit.channel)}" if limit.channel else ""


def check_one(limit: Limit, amount: Money) -> None:
    """Raise ChannelSwitchedOff or AboveLimitOnce when the amount is more than one transaction may be."""
    if limit.max_one_minor is None or amount.minor <= limit.max_one_minor:
        return
    what = PLURALS[limit.kind]
    if limit.max_one_minor == 0:
        raise ChannelSwitchedOff(what=what, by=_by(limit))
    raise AboveLimitOnce(limit=Money(limit.max_one_minor, amount.currency), kind=limit.kind, by=_by(limit))


def check_day(limit: Limit, amount: Money, used: Used) -> None:
    """Raise TooManyToday or AboveLimitOfDay when the amount does not fit into what is left of the day."""
    facts = {"what": PLURALS[limit.kind], "each": CountedFor(limit.counted_for).words, "by": _by(limit)}
    if limit.max_day_count is not None and used.count >= limit.max_day_count:
        raise TooManyToday(count=limit.max_day_count, **facts)
    if limit.max_day_minor is None or used.total_minor + amount.minor <= limit.max_day_minor:
        return
    most = Money(limit.max_day_minor, amount.currency)
    left = max(most - Money(used.total_minor, amount.currency), Money.zero(amount.currency))
    raise AboveLimitOfDay(limit=most, left=left, **facts)


def transaction_number(day: date, code: str) -> str:
    """`T261123-K7QX4M2P`: the day, and a code that cannot be guessed."""
    return f"T{day:%y%m%d}-{code}"


def receipt_number(till_code: str, day: date, count: int) -> str:
    """`T1-261123-0007`: gap-free per till and day."""
    return f"{till_code}-{day:%y%m%d}-{count:04d}"


def teller_code(user_id: UUID) -> str:
    """`B7E41C`: who served, without a name on paper (handbook 4.1)."""
    return user_id.hex[-6:].upper()


def in_words(amount: Money) -> str:
    """`Fifty thousand Uganda shillings only`."""
    whole, rest = divmod(abs(amount.minor), 10**amount.currency.exponent)
    words = f"{num2words(whole).replace('-', ' ')} {amount.currency.name}"
    if rest:
        words += f" and {num2words(rest).replace('-', ' ')} {amount.currency.minor_name}"
    return f"{words[0].upper()}{words[1:]} only"
