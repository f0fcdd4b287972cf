"""The days of the book: closing one rolls its lines up into totals, so that old figures need no lines."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.kernel import audit, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_date
from sacco_app.ledger.errors import DayOutOfOrder
from sacco_app.ledger.events import DayClosed
from sacco_app.ledger.models import DayClose, DayTotal, JournalLine
from sacco_app.organisation import service as branches
from sacco_app.organisation.ports import Closing
from sacco_app.organisation.types import OrganisationPermission

_KEY = (JournalLine.gl_account_id, JournalLine.branch_id, JournalLine.business_date, JournalLine.currency)
_SUMS = (func.sum(JournalLine.debit_minor), func.sum(JournalLine.credit_minor))
_BEGINNING = date.min


def last_closed(session: Session, branch_id: UUID) -> Closing | None:
    """The last day that the branch has closed, when and by whom."""
    query = select(DayClose).where(DayClose.branch_id == branch_id).order_by(DayClose.day.desc()).limit(1)
    row = session.scalars(query).first()
    if row is None:
        return None
    return Closing(row.day, row.closed_at, access.names(session, [row.closed_by]).get(row.closed_by, ""))


def close_day(session: Session, actor: Actor, clock: Clock, branch_id: UUID, day: date) -> None:
    """Close a branch's business date: its lines become totals, and from then on only approved corrections get in.

    Closing a closed day again changes nothing. The branch is locked while the lines are summed, so that no posting falls
    between the lines and the totals. Raises DayOutOfOrder, DayNotReady (the check-list), NotPermitted.
    """
    actor.require(OrganisationPermission.BUSINESS_DATE_EDIT)
    actor.require_branch(branch_id)
    if _is_closed(session, branch_id, day):
        return
    branches.require_ready(session, branch_id, day)
    branch = branches.hold_branch(session, branch_id)
    if _is_closed(session, branch_id, day):
        return
    if day != branch.business_date:
        raise DayOutOfOrder(branch=branch.name, day=format_date(branch.business_date))
    lines = _roll_up(session, branch_id, closed_through(session, branch_id), day)
    session.add(DayClose(branch_id=branch_id, day=day, closed_at=clock.now(), closed_by=actor.user_id, lines=lines))
    outbox.record(session, DayClosed(branch_id, day))


def rebuild(session: Session, actor: Actor, clock: Clock, branch_id: UUID) -> int:
    """Make the totals of a branch's closed days anew from its lines. Returns how many lines they hold."""
    actor.require(OrganisationPermission.BUSINESS_DATE_EDIT)
    actor.require_branch(branch_id)
    branches.hold_branch(session, branch_id)
    session.execute(delete(DayTotal).where(DayTotal.branch_id == branch_id))
    through = closed_through(session, branch_id)
    lines = _roll_up(session, branch_id, _BEGINNING, through) if through > _BEGINNING else 0
    audit.record(session, "ledger.totals_rebuilt", ("branches", branch_id), after={"lines": lines})
    return lines


def closed_through(session: Session, branch_id: UUID) -> date:
    """The last day that the branch has closed; the beginning of time where it has closed none."""
    return session.scalar(select(func.max(DayClose.day)).where(DayClose.branch_id == branch_id)) or _BEGINNING


def _is_closed(session: Session, branch_id: UUID, day: date) -> bool:
    query = select(DayClose.id).where(DayClose.branch_id == branch_id, DayClose.day == day)
    return session.scalar(query) is not None


def _roll_up(session: Session, branch_id: UUID, after: date, until: date) -> int:
    """Sum the lines of (after, until] into totals. Returns how many lines there were."""
    days = (JournalLine.branch_id == branch_id, JournalLine.business_date > after, JournalLine.business_date <= until)
    count = session.scalar(select(func.count()).where(*days)) or 0
    sums = select(*_KEY, *_SUMS).where(*days).group_by(*_KEY)
    names = ("gl_account_id", "branch_id", "business_date", "currency", "debit_minor", "credit_minor")
    session.execute(insert(DayTotal).from_select(names, sums))
    return count


class Keeper:
    """What the organisation room needs to close a day (its port)."""

    def last_closed(self, session: Session, branch_id: UUID) -> Closing | None:
        return last_closed(session, branch_id)

    def close(self, session: Session, actor: Actor, clock: Clock, branch_id: UUID, day: date) -> None:
        close_day(session, actor, clock, branch_id, day)
