"""Dated terms: how a new fee or limit follows the one before it. Nothing that was charged or allowed changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.errors import NotFound
from sacco_app.organisation import queries as organisation
from sacco_app.transactions.errors import TermEnded, TermInThePast, TermNotLater
from sacco_app.transactions.models import FeeRuleRow, LimitRow

T = TypeVar("T", FeeRuleRow, LimitRow)
Values = Mapping[str, Any]
ONE_DAY = timedelta(days=1)
KEYS: dict[type, tuple[str, ...]] = {
    FeeRuleRow: ("kind", "product", "channel", "from_minor"),
    LimitRow: ("kind", "channel", "role", "counted_for"),
}


def require_ahead(session: Session, day: date) -> None:
    """Raise TermInThePast when some branch has left the day behind: its fees and limits are history."""
    latest = organisation.latest_business_date(session)
    if day < latest:
        raise TermInThePast(day=format_date(latest))


def latest_of(session: Session, model: type[T], key: Values, *, lock: bool = False) -> T | None:
    """The newest term with the same key (kind, channel and so on)."""
    same = [getattr(model, name).is_not_distinct_from(value) for name, value in key.items()]
    query = select(model).where(*same).order_by(model.valid_from.desc()).limit(1)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).first()


def require_later(session: Session, model: type[T], key: Values, day: date, *, lock: bool = False) -> T | None:
    """The newest term with this key. Raises TermNotLater when it begins after `day`."""
    latest = latest_of(session, model, key, lock=lock)
    if latest is not None and latest.valid_from > day:
        raise TermNotLater(day=format_date(latest.valid_from))
    return latest


def set_term(
    session: Session, model: type[T], key: Values, values: Values, valid_from: date, valid_to: date | None
) -> None:
    """Let `values` hold from a day on; what held before ends the day before, and comes back after `valid_to`.

    A term that begins on the same day is put right. Raises TermInThePast, TermNotLater.
    """
    require_ahead(session, valid_from)
    latest = require_later(session, model, key, valid_from, lock=True)
    if latest is not None and latest.valid_from == valid_from:
        for name, value in {**values, "valid_to": valid_to}.items():
            setattr(latest, name, value)
    else:
        before = {name: getattr(latest, name) for name in values} if latest is not None else {}
        old_end = latest.valid_to if latest is not None else None
        overlapped = latest is not None and (old_end is None or old_end >= valid_from)
        if latest is not None and overlapped:
            latest.valid_to = valid_from - ONE_DAY
        session.add(model(**key, **values, valid_from=valid_from, valid_to=valid_to))
        if overlapped and valid_to is not None and (old_end is None or old_end > valid_to):
            session.add(model(**key, **before, valid_from=valid_to + ONE_DAY, valid_to=old_end))
    reference.bump(session)


def end_term(session: Session, model: type[T], term_id: UUID, last_day: date) -> None:
    """Let a term hold until `last_day` for the last time; one that begins later is taken back, and what it was to follow
    goes on. Raises NotFound, TermEnded, TermInThePast.
    """
    row = require_endable(session, model, term_id, last_day, lock=True)
    if last_day >= row.valid_from:
        row.valid_to = last_day
    else:
        same = [getattr(model, name).is_not_distinct_from(getattr(row, name)) for name in KEYS[model]]
        before = session.scalars(select(model).where(*same, model.valid_to == row.valid_from - ONE_DAY)).first()
        if before is not None:
            before.valid_to = row.valid_to
        session.delete(row)
    reference.bump(session)


def require_endable(session: Session, model: type[T], term_id: UUID, last_day: date, *, lock: bool = False) -> T:
    """The term, if it may end on that day. The day before the business date is the earliest: today is then free of it."""
    row = session.get(model, term_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise NotFound(what="fee or limit")
    if row.valid_to is not None and row.valid_to <= last_day:
        raise TermEnded(day=format_date(row.valid_to))
    require_ahead(session, last_day + ONE_DAY)
    return row
