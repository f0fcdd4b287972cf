"""What lies on a clearing account too long. First in is first out: the oldest amounts are those that went on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger.balances import movements
from sacco_app.ledger.models import GlAccount
from sacco_app.ledger.ports import Proof
from sacco_app.organisation import queries as organisation


def _overdue(session: Session) -> Iterator[str]:
    branches = {branch.id: branch for branch in organisation.list_branches(session)}
    today = max((branch.business_date for branch in branches.values()), default=date.min)
    for account in _accounts(session):
        cutoff = organisation.working_days_before(session, today, account.clearing_days or 0)
        for branch_id, minor, currency in _aged(session, account, today, cutoff):
            lies = Money(minor, CURRENCIES[currency]).format(with_code=True)
            allowed = f"longer than {account.clearing_days} working days" if account.clearing_days else "overnight"
            yield f"account {account.code} {account.name} in {branches[branch_id].name}: {lies} lies there {allowed}"


def _aged(session: Session, account: GlAccount, today: date, cutoff: date) -> Iterator[tuple[UUID, int, str]]:
    """(branch, minor, currency) of what came in before the cutoff and has not gone out since, on either side."""
    profile = organisation.get_profile(session)
    moved = movements(today, profile.currency, account_id=account.id)
    early = moved.c.business_date < cutoff
    debit, credit = func.coalesce(func.sum(moved.c.debit_minor), 0), func.coalesce(func.sum(moved.c.credit_minor), 0)
    old_debit = func.coalesce(func.sum(moved.c.debit_minor).filter(early), 0)
    old_credit = func.coalesce(func.sum(moved.c.credit_minor).filter(early), 0)
    query = (
        select(moved.c.branch_id, func.greatest(old_debit - credit, old_credit - debit))
        .group_by(moved.c.branch_id)
        .having(or_(old_debit > credit, old_credit > debit))
    )
    for branch_id, minor in session.execute(query):
        yield branch_id, int(minor), profile.currency.code


def _accounts(session: Session) -> list[GlAccount]:
    query = select(GlAccount).where(GlAccount.clearing_days.is_not(None), GlAccount.is_active)
    return list(session.scalars(query.order_by(GlAccount.code)))


def _size(session: Session) -> str:
    return f"{len(_accounts(session)):,} accounts"


AGES = Proof("Clearing accounts are cleared in time", _overdue, _size)
