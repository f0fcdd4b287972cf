"""Base data of the transactions room: fees and limits of a new SACCO."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.clock import Clock
from sacco_app.transactions.models import FeeRuleRow, LimitRow
from sacco_app.transactions.types import CountedFor
from sacco_app.transactions.types import TransactionKind as K

SINCE = date(2021, 1, 1)

FEES: dict[str, tuple[tuple[K, int, int], ...]] = {
    "UG-SACCO-TIER4": ((K.WITHDRAWAL, 0, 1_000), (K.WITHDRAWAL, 1_000_000, 2_000)),
    "KE-DT-SACCO": ((K.WITHDRAWAL, 0, 3_000), (K.WITHDRAWAL, 5_000_000, 10_000)),
}

TIERS = "Handbook 5.5"
OURS = "Our own choice"

# Kind, channel, counted for, most in one, most in a day, how many in a day, who says so.
Terms = tuple[K, str, CountedFor, int | None, int | None, int | None, str]
LIMITS: dict[str, tuple[Terms, ...]] = {
    "UG-SACCO-TIER4": (
        (K.WITHDRAWAL, "counter", CountedFor.ACCOUNT, None, 30_000_000, None, OURS),
        (K.WITHDRAWAL, "counter", CountedFor.MEMBER, None, 50_000_000, None, OURS),
        (K.WITHDRAWAL, "counter", CountedFor.MAKER, None, 100_000_000, None, OURS),
        (K.TRANSFER, "counter", CountedFor.ACCOUNT, None, 50_000_000, None, OURS),
        (K.TRANSFER, "counter", CountedFor.MEMBER, None, 50_000_000, None, OURS),
        (K.TRANSFER, "counter", CountedFor.MAKER, None, 200_000_000, None, OURS),
        (K.TRANSFER, "api", CountedFor.MEMBER, 5_000_000, 10_000_000, 20, TIERS),
        (K.TRANSFER, "ussd", CountedFor.MEMBER, 1_000_000, 3_000_000, 10, TIERS),
    ),
    "KE-DT-SACCO": (
        (K.WITHDRAWAL, "counter", CountedFor.ACCOUNT, None, 150_000_000, None, OURS),
        (K.WITHDRAWAL, "counter", CountedFor.MEMBER, None, 250_000_000, None, OURS),
        (K.WITHDRAWAL, "counter", CountedFor.MAKER, None, 500_000_000, None, OURS),
        (K.TRANSFER, "counter", CountedFor.ACCOUNT, None, 250_000_000, None, OURS),
        (K.TRANSFER, "counter", CountedFor.MEMBER, None, 250_000_000, None, OURS),
        (K.TRANSFER, "counter", CountedFor.MAKER, None, 1_000_000_000, None, OURS),
        (K.TRANSFER, "api", CountedFor.MEMBER, 25_000_000, 50_000_000, 20, TIERS),
        (K.TRANSFER, "ussd", CountedFor.MEMBER, 7_000_000, 25_000_000, 10, TIERS),
    ),
}


def install(session: Session, clock: Clock, profile: str) -> None:
    """Make the fees and limits of a new SACCO; one that has any of a sort keeps its own."""
    if session.scalars(select(FeeRuleRow)).first() is None:
        for kind, from_minor, flat in FEES[profile]:
            session.add(
                FeeRuleRow(kind=kind, from_minor=from_minor, flat_minor=flat, rate=Decimal(0), valid_from=SINCE)
            )
    if session.scalars(select(LimitRow)).first() is None:
        for kind, channel, counted_for, one, day, count, source in LIMITS[profile]:
            session.add(
                LimitRow(
                    kind=kind,
                    channel=channel,
                    counted_for=counted_for,
                    max_one_minor=one,
                    max_day_minor=day,
                    max_day_count=count,
                    valid_from=SINCE,
                    source=source,
                    verified=False,
                )
            )
    reference.bump(session)
