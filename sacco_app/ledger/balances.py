"""Figures of accounts at any date: totals of closed days, and the lines of days that are not closed yet.

Both are read in one statement, so a day that is closed meanwhile is counted once.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Uuid,
    column,
    func,
    lateral,
    literal,
    select,
    table,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from sacco_app.kernel.money import Currency
from sacco_app.ledger.models import DayClose, DayTotal, JournalLine

_branches = table("branches", column("id", Uuid))


def movements(
    until: date,
    currency: Currency,
    branches: Collection[UUID] | None = None,
    account_id: UUID | None = None,
    since: date | None = None,
) -> Subquery:
    """What accounts moved from `since` (None: ever) to the end of `until`, in some branches or (None) in all.

    Columns: gl_account_id, branch_id, business_date, debit_minor, credit_minor (minor units). A row is a day's total or
    a line: only sums have a meaning.
    """
    closed = _picked(DayTotal).where(*_conditions(DayTotal, until, currency, account_id, since))
    if branches is not None:
        closed = closed.where(DayTotal.branch_id.in_(branches))
    lines = lateral(_open_lines(until, currency, account_id, since))
    opened = select(*lines.c).select_from(_branches.join(lines, true()))
    if branches is not None:
        opened = opened.where(_branches.c.id.in_(branches))
    return union_all(closed, opened).subquery("movements")


def _open_lines(until: date, currency: Currency, account_id: UUID | None, since: date | None) -> Select[Any]:
    """The lines of one branch after its last closed day. OFFSET keeps the planner from reading lines of other days."""
    last = select(func.max(DayClose.day)).where(DayClose.branch_id == _branches.c.id)
    after = func.coalesce(last.correlate(_branches).scalar_subquery(), literal(date.min))
    return (
        _picked(JournalLine)
        .where(
            JournalLine.branch_id == _branches.c.id,
            JournalLine.business_date > after,
            *_conditions(JournalLine, until, currency, account_id, since),
        )
        .offset(0)
        .correlate(_branches)
    )


def _picked(source: Any) -> Select[Any]:
    return select(source.gl_account_id, source.branch_id, source.business_date, source.debit_minor, source.credit_minor)


def _conditions(
    source: Any, until: date, currency: Currency, account_id: UUID | None, since: date | None
) -> list[ColumnElement[bool]]:
    conditions = [source.business_date <= until, source.currency == currency.code]
    if account_id is not None:
        conditions.append(source.gl_account_id == account_id)
    if since is not None:
        conditions.append(source.business_date >= since)
    return conditions


def balance(
    session: Session,
    account_id: UUID,
    day: date,
    currency: Currency,
    branches: Collection[UUID] | None = None,
    *,
    before: bool = False,
) -> int:
    """The debit-positive balance of one account at the end of `day`, or `before` it began, in minor units."""
    moved = movements(day - timedelta(days=1) if before else day, currency, branches, account_id)
    net = func.coalesce(func.sum(moved.c.debit_minor - moved.c.credit_minor), 0)
    return int(session.execute(select(net)).scalar_one())


def by_day(
    session: Session,
    account_id: UUID,
    first: date,
    last: date,
    currency: Currency,
    branches: Collection[UUID] | None = None,
) -> list[tuple[date, int]]:
    """What one account moved on each day that it moved, debit-positive in minor units, oldest first."""
    moved = movements(last, currency, branches, account_id, first)
    net = func.sum(moved.c.debit_minor - moved.c.credit_minor)
    query = select(moved.c.business_date, net).group_by(moved.c.business_date).order_by(moved.c.business_date)
    return [(day, int(amount)) for day, amount in session.execute(query)]
