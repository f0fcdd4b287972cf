"""Drafts of journals for tests; positive amounts are debits."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import service
from sacco_app.ledger.types import JournalDraft, Leg

DAY = date(2026, 11, 23)


def ugx(minor: int) -> Money:
    return Money(minor, UGX)


def leg(name: str, minor: int, **over) -> Leg:
    return Leg(name, debit=ugx(minor), **over) if minor > 0 else Leg(name, credit=ugx(-minor), **over)


def draft(event: str, branch_id: UUID, *legs: Leg, **over) -> JournalDraft:
    values = {
        "event": event,
        "source_ref": str(uuid4()),
        "business_date": DAY,
        "branch_id": branch_id,
        "currency": UGX,
        "narration": f"Test of {event}",
        "legs": tuple(legs),
    }
    return JournalDraft(**(values | over))


def post(actor, clock, journal: JournalDraft):
    with transaction(actor, clock) as session:
        return service.post_journal(session, actor, clock, journal)
