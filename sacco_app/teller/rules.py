"""Pure rules of the teller room (handbook 6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sacco_app.kernel.money import Currency, Money
from sacco_app.teller.errors import AuthorityNeeded, PayerIncomplete, SourceNeeded, TillAboveLimit
from sacco_app.teller.types import SOURCES, Counts

DENOMINATIONS: dict[str, tuple[int, ...]] = {
    "UGX": (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50),
    "KES": (100_000, 50_000, 20_000, 10_000, 5_000, 4_000, 2_000, 1_000, 500, 100),
}
BLOCK_AT_PERCENT = 110


def counted(counts: Counts) -> int:
    """The sum of a count in minor units."""
    return sum(value * pieces for value, pieces in counts)


def check_till_limit(balance: Money, limit: Money) -> None:
    """Raise TillAboveLimit when the till would hold more than 110 % of its limit."""
    if balance.minor * 100 > limit.minor * BLOCK_AT_PERCENT:
        raise TillAboveLimit(limit=limit)


def check_payer(name: str, phone: str) -> None:
    """Raise PayerIncomplete when only one of the two is told: a third party is known by both (handbook 6)."""
    if bool(name) != bool(phone):
        raise PayerIncomplete


def check_payee(name: str, phone: str, authority: str) -> None:
    """Raise AuthorityNeeded unless the member is paid, or somebody whose name, phone and authority are told."""
    told = (bool(name), bool(phone), bool(authority))
    if any(told) and not all(told):
        raise AuthorityNeeded


def check_source(amount: Money, limit: Money, source: str, words: str) -> None:
    """Raise SourceNeeded when a large deposit does not say where the money comes from."""
    if amount >= limit and (source not in SOURCES or (source == "other" and not words)):
        raise SourceNeeded(limit=limit)


def used_percent(balance: Money, limit: Money) -> int:
    """How much of what it may hold a till holds, in whole per cent rounded down; a till without limit is full."""
    return balance.minor * 100 // limit.minor if limit.minor else 100


def counts_in_words(counts: Iterable[tuple[int, int]], currency: Currency) -> str:
    """`10 × 50,000 + 3 × 1,000`; what has no piece is left out."""
    return " + ".join(f"{pieces:,} × {Money(value, currency).format()}" for value, pieces in counts if pieces)


def payout(amount: Money) -> Counts:
    """The fewest notes and coins for an amount, the largest first; what no coin covers is left out."""
    counts, left = [], amount.minor
    for value in DENOMINATIONS[amount.currency.code]:
        pieces, left = divmod(left, value)
        if pieces:
            counts.append((value, pieces))
    return tuple(counts)


def agreed_by_two(mine: int, teller: int, others: Collection[int], said: Collection[int]) -> bool:
    """Whether a custodian's count of a till that was handed in is one that two people have counted, each for themselves.

    `others` are the counts of other custodians, `said` those of them by which somebody agreed already: they bind.
    """
    return all(one == mine for one in said) if said else mine == teller or mine in others


def within_tolerance(difference: Money, tolerance_minor: int) -> bool:
    """True when a till may be this much over or short without a second person."""
    return abs(difference.minor) <= tolerance_minor
