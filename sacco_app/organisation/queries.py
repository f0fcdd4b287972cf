"""Reads of the organisation room. Facts that change rarely are kept by version (see kernel.reference)."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.dates import next_working_day
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import CURRENCIES
from sacco_app.organisation.errors import ParameterNotSet
from sacco_app.organisation.models import Branch, Holiday, Organisation, Parameter
from sacco_app.organisation.types import BranchFacts, HolidayFacts, ParameterValue, SaccoProfile

REST_DAYS = "calendar.rest_days"


def get_profile(session: Session) -> SaccoProfile:
    """Who the SACCO is. Raises NotFound before the set-up."""
    return reference.get(session, "organisation.profile", _load_profile)


def _load_profile(session: Session) -> SaccoProfile:
    row = session.scalars(select(Organisation)).first()
    if row is None:
        raise NotFound(what="organisation")
    names = [name for name in SaccoProfile.__dataclass_fields__ if name not in ("currency", "logo_data_uri")]
    uri = f"data:image/png;base64,{b64encode(row.logo).decode()}" if row.logo else ""
    plain = {name: getattr(row, name) for name in names}
    return SaccoProfile(**plain, currency=CURRENCIES[row.currency], logo_data_uri=uri)


def logo(session: Session) -> bytes | None:
    """The logo as PNG, if there is one."""
    return session.scalar(select(Organisation.logo))


def _facts(row: Branch) -> BranchFacts:
    return BranchFacts(**{name: getattr(row, name) for name in BranchFacts.__dataclass_fields__})


def list_branches(session: Session, actor: Actor | None = None) -> list[BranchFacts]:
    """Branches by code; with an actor, those in the actor's scope."""
    query = select(Branch).order_by(Branch.code)
    if actor is not None and actor.branch_ids is not None:
        query = query.where(Branch.id.in_(actor.branch_ids))
    return [_facts(row) for row in session.scalars(query)]


def get_branch(session: Session, branch_id: UUID | None) -> BranchFacts:
    """One branch, read fresh (its business date moves). Raises NotFound."""
    row = session.get(Branch, branch_id) if branch_id else None
    if row is None:
        raise NotFound(what="branch")
    return _facts(row)


def business_date(session: Session, branch_id: UUID) -> date:
    """The day the branch books on."""
    return get_branch(session, branch_id).business_date


def latest_business_date(session: Session) -> date:
    """The furthest day that a branch books on: what is dated before it is history somewhere."""
    query = select(func.max(Branch.business_date)).where(Branch.is_active)
    day = session.scalar(query)
    if day is None:
        raise NotFound(what="branch")
    return day


def _load_parameters(session: Session) -> tuple[ParameterValue, ...]:
    rows = session.scalars(select(Parameter).order_by(Parameter.key, Parameter.valid_from.desc()))
    names = ParameterValue.__dataclass_fields__
    return tuple(ParameterValue(**{name: getattr(row, name) for name in names}) for row in rows)


def parameter(session: Session, key: str, on: date) -> ParameterValue:
    """The value of a parameter on a day. Raises ParameterNotSet."""
    for value in reference.get(session, "organisation.parameters", _load_parameters):
        if value.key == key and value.valid_from <= on and (value.valid_to is None or on <= value.valid_to):
            return value
    raise ParameterNotSet(key=key, day=on.isoformat())


def list_holidays(session: Session) -> tuple[HolidayFacts, ...]:
    """Every holiday, of the SACCO and of single branches, by day."""
    return reference.get(session, "organisation.holidays", _load_holidays)


def _load_holidays(session: Session) -> tuple[HolidayFacts, ...]:
    rows = session.scalars(select(Holiday).order_by(Holiday.day, Holiday.name))
    return tuple(HolidayFacts(row.id, row.day, row.name, row.branch_id) for row in rows)


def holidays(session: Session, branch_id: UUID | None = None) -> frozenset[date]:
    """The holidays of every branch, and with `branch_id` those of that branch too. Days of rest are not among them."""
    return frozenset(row.day for row in list_holidays(session) if row.branch_id in (None, branch_id))


def rest_days(session: Session, on: date) -> frozenset[int]:
    """The days of the week without work (Monday is 0), from the parameter `calendar.rest_days`."""
    return frozenset(int(digit) for digit in parameter(session, REST_DAYS, on).value if digit in "0123456")


def working_day(session: Session, day: date, branch_id: UUID | None = None) -> date:
    """`day` if the branch works then, else the next day on which it does."""
    return next_working_day(day, holidays(session, branch_id), rest_days(session, day))


def working_days_before(session: Session, day: date, count: int) -> date:
    """The day that lies `count` working days of the SACCO before `day`."""
    free, rest = holidays(session), rest_days(session, day)
    while count > 0:
        day -= timedelta(days=1)
        if day not in free and day.weekday() not in rest:
            count -= 1
    return day


def parameter_history(session: Session, key: str) -> list[ParameterValue]:
    """Every value that a parameter has had, the newest first. Raises NotFound for an unknown parameter."""
    values = [row for row in reference.get(session, "organisation.parameters", _load_parameters) if row.key == key]
    if not values:
        raise NotFound(what="parameter")
    return values
