"""The quick proofs before a day is closed: they read totals of closed days and the lines of days that are not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from sacco_app.ledger.balances import movements
from sacco_app.ledger.models import GlAccount, JournalLine
from sacco_app.ledger.ports import subledgers
from sacco_app.ledger.proofs.journals import unbalanced
from sacco_app.ledger.proofs.subledgers import stated_balances
from sacco_app.organisation import queries as organisation
from sacco_app.organisation.ports import Check

SHOWN = 3


def adds_up(session: Session, branch_id: UUID, day: date) -> Check:
    """For the close of a day: nothing differs in the book."""
    found = of_day(session, branch_id, day)
    return Check("The book adds up", not found, "; ".join(found[:SHOWN]), "ledger.trial_balance")


def of_day(session: Session, branch_id: UUID, day: date) -> list[str]:
    """What does not hold on this day, one sentence each: journals that differ, controls that their sub-ledgers leave."""
    picked = (JournalLine.branch_id == branch_id, JournalLine.business_date == day)
    whole = JournalLine.journal_id.in_(select(JournalLine.journal_id).where(*picked))
    return [*unbalanced(session, whole), *_controls(session)]


def _controls(session: Session) -> Iterator[str]:
    if not subledgers():
        return
    stated = stated_balances(session)
    told = select(stated.c.code, func.sum(stated.c.minor).label("minor")).group_by(stated.c.code).subquery()
    moved = movements(date.max, organisation.get_profile(session).currency)
    net = func.sum(moved.c.debit_minor - moved.c.credit_minor).label("net")
    booked = select(moved.c.gl_account_id, net).group_by(moved.c.gl_account_id).subquery()
    control = func.coalesce(case((GlAccount.normal_side == "D", booked.c.net), else_=-booked.c.net), 0)
    query = (
        select(GlAccount.code, GlAccount.name, control, told.c.minor)
        .join(told, told.c.code == GlAccount.code)
        .outerjoin(booked, booked.c.gl_account_id == GlAccount.id)
        .where(control != told.c.minor)
    )
    for code, name, holds, says in session.execute(query.order_by(GlAccount.code)):
        yield f"account {code} {name}: control {int(holds):,}, sum of its sub-ledgers {int(says):,}"
