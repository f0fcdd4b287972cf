"""Months of the book: open, soft-closed, closed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import audit, reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_date, month_end
from sacco_app.ledger.errors import PeriodStep
from sacco_app.ledger.models import LedgerPeriod
from sacco_app.ledger.types import PeriodStatus, Perm, SetPeriodStatus
from sacco_app.organisation import queries as organisation

_STEPS = {
    (PeriodStatus.OPEN, PeriodStatus.SOFT_CLOSED),
    (PeriodStatus.SOFT_CLOSED, PeriodStatus.OPEN),
    (PeriodStatus.SOFT_CLOSED, PeriodStatus.CLOSED),
}


def open_period(session: Session, actor: Actor, clock: Clock, month: date) -> None:
    """Make sure that the month of `month` exists; a new one is open."""
    actor.require(Perm.PERIOD_EDIT)
    first = month.replace(day=1)
    if session.get(LedgerPeriod, first) is None:
        session.add(LedgerPeriod(month=first, status=PeriodStatus.OPEN))
        reference.bump(session)


def set_status(session: Session, actor: Actor, clock: Clock, command: SetPeriodStatus) -> None:
    """Move a month one step. Months close in order, after their last day, and closed is for ever. Raises PeriodStep."""
    actor.require(Perm.PERIOD_EDIT)
    period = session.get(LedgerPeriod, command.month, with_for_update=True)
    if period is None or (PeriodStatus(period.status), command.status) not in _STEPS:
        raise PeriodStep(reason="A period goes from open to soft-closed to closed, and a closed one stays closed")
    if command.status is not PeriodStatus.OPEN:
        _require_over(session, command.month)
    if command.status is PeriodStatus.CLOSED:
        _require_earlier_closed(session, command.month)
    audit.record(
        session,
        "ledger.period_moved",
        ("ledger_periods", command.month),
        before={"status": period.status},
        after={"status": command.status},
        reason=command.reason,
    )
    period.status = command.status
    reference.bump(session)


def _require_over(session: Session, month: date) -> None:
    last = month_end(month)
    for branch in organisation.list_branches(session):
        if branch.business_date <= last:
            day = format_date(branch.business_date)
            raise PeriodStep(reason=f"{branch.name} still works in this month (business date {day})")


def _require_earlier_closed(session: Session, month: date) -> None:
    earlier = select(LedgerPeriod.month).where(LedgerPeriod.month < month, LedgerPeriod.status != PeriodStatus.CLOSED)
    first = session.scalar(earlier.order_by(LedgerPeriod.month).limit(1))
    if first is not None:
        raise PeriodStep(reason=f"Close the earlier months first: {first:%B %Y} is not closed")
