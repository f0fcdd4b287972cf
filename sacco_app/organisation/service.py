"""Changes of the organisation room."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import files, locks, reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.organisation import ports, queries
from sacco_app.organisation.errors import (
    BranchCodeTaken,
    BusinessDateAhead,
    BusinessDateNotForward,
    DayNotReady,
    HolidayOfAll,
    HolidayPast,
    NotAWorkingDay,
    ParameterNotANumber,
    ParameterNotLater,
)
from sacco_app.organisation.models import Branch, Holiday, Organisation, Parameter
from sacco_app.organisation.types import BranchFacts, OrganisationPermission, SaveBranch, SaveProfile, SetParameter

LOGO_SIDE = 360


def save_profile(session: Session, actor: Actor, clock: Clock, command: SaveProfile) -> None:
    """Change who the SACCO is on paper."""
    actor.require(OrganisationPermission.SETTINGS_EDIT)
    row = session.scalars(select(Organisation).with_for_update()).one()
    for name in SaveProfile.__dataclass_fields__:
        setattr(row, name, getattr(command, name))
    reference.bump(session)


def set_logo(session: Session, actor: Actor, clock: Clock, content: bytes, name: str) -> None:
    """Put a picture at the head of papers; it is drawn anew, small, as PNG. Raises FileNotAccepted."""
    actor.require(OrganisationPermission.SETTINGS_EDIT)
    session.scalars(select(Organisation).with_for_update()).one().logo = files.as_png(content, name, LOGO_SIDE)
    reference.bump(session)


def remove_logo(session: Session, actor: Actor, clock: Clock) -> None:
    """Papers show the plain mark again."""
    actor.require(OrganisationPermission.SETTINGS_EDIT)
    session.scalars(select(Organisation).with_for_update()).one().logo = None
    reference.bump(session)


def save_branch(session: Session, actor: Actor, clock: Clock, command: SaveBranch) -> UUID:
    """Open a branch, or change one. Raises BranchCodeTaken."""
    actor.require(OrganisationPermission.BRANCH_EDIT)
    twin = session.scalars(select(Branch).where(Branch.code == command.code)).first()
    if twin is not None and twin.id != command.branch_id:
        raise BranchCodeTaken
    if command.branch_id is None:
        row = Branch(id=new_id(), business_date=local_date(clock.now()))
        session.add(row)
    else:
        row = locks.acquire(session, [_lock(command.branch_id)]).one(Branch, command.branch_id)
    row.code, row.name, row.phone, row.address = command.code, command.name, command.phone, command.address
    row.is_active = command.is_active
    reference.bump(session)
    return row.id


def _lock(branch_id: UUID) -> LockRequest:
    return LockRequest(LockRank.BRANCH, Branch, (branch_id,))


def hold_branch(session: Session, branch_id: UUID) -> BranchFacts:
    """Lock a branch: whoever has posted in it must finish first, and nobody posts until this transaction ends.

    Every line of the book takes its branch in share mode by its foreign key. Raises NotFound.
    """
    locks.acquire(session, [_lock(branch_id)]).one(Branch, branch_id)
    return queries.get_branch(session, branch_id)


def require_ready(session: Session, branch_id: UUID, day: date) -> None:
    """Raise DayNotReady, with every reason, where the check-list keeps the day open."""
    reasons = [check.note or check.label for check in ports.checks(session, branch_id, day) if check.state == "open"]
    if reasons:
        raise DayNotReady(day=format_date(day), why="; ".join(reasons))


def close_business_date(session: Session, actor: Actor, clock: Clock, branch_id: UUID, day: date) -> date:
    """Close a branch's business date in the book and go on with its next working day, which it returns.

    So what members do by telephone in the evening has a day to be booked on. A day that was closed before stays so.
    Raises BusinessDateAhead (for a day that has not come yet), DayNotReady.
    """
    actor.require(OrganisationPermission.BUSINESS_DATE_EDIT)
    actor.require_branch(branch_id)
    present = queries.business_date(session, branch_id)
    if day < present:
        return present
    _require_come(clock, day)
    _close(session, actor, clock, branch_id, day)
    row = locks.acquire(session, [_lock(branch_id)]).one(Branch, branch_id)
    if row.business_date == day:
        row.business_date = queries.working_day(session, day + timedelta(days=1), branch_id)
    return row.business_date


def _close(session: Session, actor: Actor, clock: Clock, branch_id: UUID, day: date) -> None:
    keeper = ports.keeper()
    if keeper is not None:
        keeper.close(session, actor, clock, branch_id, day)


def open_business_date(session: Session, actor: Actor, clock: Clock, branch_id: UUID, day: date) -> None:
    """Move a branch to a later business date, past days on which nobody worked. The present one is closed first.

    Raises BusinessDateNotForward, BusinessDateAhead (of the calendar), NotAWorkingDay, DayNotReady.
    """
    actor.require(OrganisationPermission.BUSINESS_DATE_EDIT)
    actor.require_branch(branch_id)
    present = queries.business_date(session, branch_id)
    _check_next(session, clock, branch_id, present, day)
    _close(session, actor, clock, branch_id, present)
    row = locks.acquire(session, [_lock(branch_id)]).one(Branch, branch_id)
    _check_next(session, clock, branch_id, row.business_date, day)
    row.business_date = day


def _check_next(session: Session, clock: Clock, branch_id: UUID, present: date, day: date) -> None:
    if day <= present:
        raise BusinessDateNotForward(current=format_date(present))
    _require_come(clock, day)
    working = queries.working_day(session, day, branch_id)
    if working != day:
        raise NotAWorkingDay(day=format_date(day), next=format_date(working))


def _require_come(clock: Clock, day: date) -> None:
    today = local_date(clock.now())
    if day > today:
        raise BusinessDateAhead(today=format_date(today))


def check_parameter(session: Session, command: SetParameter) -> Parameter | None:
    """The latest value, locked. Raises what `set_parameter` would refuse."""
    query = (
        select(Parameter).where(Parameter.key == command.key).order_by(Parameter.valid_from.desc()).with_for_update()
    )
    latest = session.scalars(query).first()
    if latest is not None:
        if latest.valid_from >= command.valid_from:
            raise ParameterNotLater(day=format_date(latest.valid_from))
        if _is_number(latest.value) and not _is_number(command.value):
            raise ParameterNotANumber(present=latest.value)
    return latest


def set_parameter(session: Session, actor: Actor, clock: Clock, command: SetParameter) -> None:
    """Give a parameter a new value from a day on: the second person's act. A number stays a number.

    Raises ParameterNotLater, ParameterNotANumber.
    """
    actor.require(OrganisationPermission.PARAMETER_APPROVE)
    latest = check_parameter(session, command)
    if latest is not None:
        latest.valid_to = command.valid_from - timedelta(days=1)
    session.add(
        Parameter(
            key=command.key,
            value=command.value,
            valid_from=command.valid_from,
            source=command.source,
            verified=command.verified,
        )
    )
    reference.bump(session)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def verify_parameter(session: Session, actor: Actor, clock: Clock, key: str, valid_from: date) -> None:
    """Say that a value was checked against its source. Who said so and when is in the audit trail."""
    actor.require(OrganisationPermission.PARAMETER_EDIT)
    query = select(Parameter).where(Parameter.key == key, Parameter.valid_from == valid_from).with_for_update()
    row = session.scalars(query).first()
    if row is None:
        raise NotFound(what="parameter")
    row.verified = True
    reference.bump(session)


def add_holiday(
    session: Session, actor: Actor, clock: Clock, day: date, name: str, branch_id: UUID | None = None
) -> None:
    """Declare a day on which nobody works, or one branch does not; a second time for the same day changes its name."""
    actor.require(OrganisationPermission.CALENDAR_EDIT)
    _require_calendar(actor, branch_id)
    row = session.scalars(select(Holiday).where(Holiday.day == day, Holiday.branch_id == branch_id)).first()
    if row is None:
        session.add(Holiday(day=day, name=name, branch_id=branch_id))
    else:
        row.name = name
    reference.bump(session)


def remove_holiday(session: Session, actor: Actor, clock: Clock, holiday_id: UUID) -> None:
    """Take back a holiday that has not come yet. Raises HolidayPast, NotFound."""
    actor.require(OrganisationPermission.CALENDAR_EDIT)
    row = session.get(Holiday, holiday_id, with_for_update=True)
    if row is None:
        raise NotFound(what="holiday")
    _require_calendar(actor, row.branch_id)
    if row.day <= local_date(clock.now()):
        raise HolidayPast
    session.delete(row)
    reference.bump(session)


def _require_calendar(actor: Actor, branch_id: UUID | None) -> None:
    if branch_id is not None:
        actor.require_branch(branch_id)
    elif actor.branch_ids is not None:
        raise HolidayOfAll
