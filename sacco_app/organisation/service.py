"""Changes of the organisation room."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import locks, reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.organisation.errors import BranchCodeTaken, BusinessDateNotForward, ParameterNotLater
from sacco_app.organisation.models import Branch, Holiday, Organisation, Parameter
from sacco_app.organisation.types import OrganisationPermission, SaveBranch, SaveProfile, SetParameter


def save_profile(session: Session, actor: Actor, clock: Clock, command: SaveProfile) -> None:
    """Change who the SACCO is on paper."""
    actor.require(OrganisationPermission.SETTINGS_EDIT)
    row = session.scalars(select(Organisation).with_for_update()).one()
    for name in SaveProfile.__dataclass_fields__:
        setattr(row, name, getattr(command, name))
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


def open_business_date(session: Session, actor: Actor, clock: Clock, branch_id: UUID, day: date) -> None:
    """Move a branch to its next business date. Raises BusinessDateNotForward."""
    actor.require(OrganisationPermission.BUSINESS_DATE_EDIT)
    actor.require_branch(branch_id)
    row = locks.acquire(session, [_lock(branch_id)]).one(Branch, branch_id)
    if day <= row.business_date:
        raise BusinessDateNotForward(current=format_date(row.business_date))
    row.business_date = day


def set_parameter(session: Session, actor: Actor, clock: Clock, command: SetParameter) -> None:
    """Give a parameter a new value from a day on. Raises ParameterNotLater."""
    actor.require(OrganisationPermission.PARAMETER_EDIT)
    query = (
        select(Parameter).where(Parameter.key == command.key).order_by(Parameter.valid_from.desc()).with_for_update()
    )
    latest = session.scalars(query).first()
    if latest is not None:
        if latest.valid_from >= command.valid_from:
            raise ParameterNotLater(day=format_date(latest.valid_from))
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


def add_holiday(session: Session, actor: Actor, clock: Clock, day: date, name: str) -> None:
    """Declare a day on which nobody works; a second time for the same day changes its name."""
    actor.require(OrganisationPermission.CALENDAR_EDIT)
    row = session.scalars(select(Holiday).where(Holiday.day == day)).first()
    if row is None:
        session.add(Holiday(day=day, name=name))
    else:
        row.name = name
    reference.bump(session)
