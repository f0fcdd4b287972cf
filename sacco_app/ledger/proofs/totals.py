"""The totals of closed days are the sums of their lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from sacco_app.kernel.dates import format_date
from sacco_app.ledger.chart import chart
from sacco_app.ledger.models import DayClose, DayTotal, JournalLine
from sacco_app.ledger.ports import Proof
from sacco_app.organisation import queries as organisation

_KEY = ("gl_account_id", "branch_id", "business_date", "currency")


def _differences(session: Session) -> Iterator[str]:
    closed = select(DayClose.branch_id, func.max(DayClose.day).label("day")).group_by(DayClose.branch_id).subquery()
    debit, credit = func.sum(JournalLine.debit_minor), func.sum(JournalLine.credit_minor)
    columns = [getattr(JournalLine, name) for name in _KEY]
    lines = (
        select(*columns, debit.label("debit_minor"), credit.label("credit_minor"))
        .join(closed, and_(closed.c.branch_id == JournalLine.branch_id, JournalLine.business_date <= closed.c.day))
        .group_by(*columns)
        .subquery()
    )
    same = and_(*(getattr(DayTotal, name) == lines.c[name] for name in _KEY))
    differ = or_(
        DayTotal.debit_minor.is_distinct_from(lines.c.debit_minor),
        DayTotal.credit_minor.is_distinct_from(lines.c.credit_minor),
    )
    key = [func.coalesce(getattr(DayTotal, name), lines.c[name]) for name in _KEY[:3]]
    net = func.coalesce(DayTotal.debit_minor - DayTotal.credit_minor, 0)
    holds = func.coalesce(lines.c.debit_minor - lines.c.credit_minor, 0)
    query = select(*key, net, holds).select_from(DayTotal).join(lines, same, full=True).where(differ).order_by(*key)
    book, branches = chart(session), {branch.id: branch.name for branch in organisation.list_branches(session)}
    found: Any = session.execute(query)
    for account_id, branch_id, day, total, held in found:
        where = f"account {book.by_id[account_id].code} in {branches[branch_id]} on {format_date(day)}"
        yield f"{where}: the day's total is {int(total):,}, its lines come to {int(held):,}"


def _size(session: Session) -> str:
    days = session.scalar(select(func.count()).select_from(DayClose)) or 0
    totals = session.scalar(select(func.count()).select_from(DayTotal)) or 0
    return f"{days:,} closed days, {totals:,} totals"


ROLL_UPS = Proof("Totals of closed days equal their lines", _differences, _size)
