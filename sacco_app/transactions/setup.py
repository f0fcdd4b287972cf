"""Base data of the transactions room: fees of a new SACCO."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.clock import Clock
from sacco_app.transactions.models import FeeRuleRow
from sacco_app.transactions.types import TransactionKind

FEES: dict[str, tuple[tuple[TransactionKind, int, int], ...]] = {
    "UG-SACCO-TIER4": ((TransactionKind.WITHDRAWAL, 0, 1_000), (TransactionKind.WITHDRAWAL, 1_000_000, 2_000)),
    "KE-DT-SACCO": ((TransactionKind.WITHDRAWAL, 0, 3_000), (TransactionKind.WITHDRAWAL, 5_000_000, 10_000)),
}


def install(session: Session, clock: Clock, profile: str) -> None:
    """Make the fees of a new SACCO; one that has any keeps its own."""
    if session.scalars(select(FeeRuleRow)).first() is not None:
        return
    for kind, from_minor, flat in FEES[profile]:
        session.add(FeeRuleRow(kind=kind, from_minor=from_minor, flat_minor=flat, rate=Decimal(0)))
    reference.bump(session)
