"""Journals balance, branches and memorandum accounts net to nothing."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from sacco_app.ledger.chart import chart
from sacco_app.ledger.models import GlAccount, Journal, JournalLine
from sacco_app.ledger.ports import Proof
from sacco_app.ledger.types import AccountClass, Event
from sacco_app.organisation import queries as organisation

_NET = func.sum(JournalLine.debit_minor - JournalLine.credit_minor)


def unbalanced(session: Session, *picked: ColumnElement[bool]) -> Iterator[str]:
    """Journals whose lines differ in a branch, or are not those that they were posted with; `picked` chooses lines."""
    debit, credit = func.sum(JournalLine.debit_minor), func.sum(JournalLine.credit_minor)
    per_branch = (
        select(
            JournalLine.journal_id,
            func.count().label("lines"),
            debit.label("total"),
            (debit != credit).label("crooked"),
        )
        .where(*picked)
        .group_by(JournalLine.journal_id, JournalLine.branch_id, JournalLine.currency)
        .subquery()
    )
    held = (
        select(
            per_branch.c.journal_id,
            func.sum(per_branch.c.lines).label("lines"),
            func.sum(per_branch.c.total).label("total"),
            func.bool_or(per_branch.c.crooked).label("crooked"),
        )
        .group_by(per_branch.c.journal_id)
        .subquery()
    )
    wrong = or_(
        held.c.lines.is_(None), held.c.crooked, held.c.lines != Journal.line_count, held.c.total != Journal.total_minor
    )
    query = select(Journal.number, held.c.crooked).join(held, held.c.journal_id == Journal.id, isouter=not picked)
    for number, crooked in session.execute(query.where(wrong).order_by(Journal.number)):
        what = "debits and credits differ in a branch" if crooked else "its lines are not those it was posted with"
        yield f"journal {number}: {what}"


def _size(session: Session) -> str:
    journals = session.scalar(select(func.count()).select_from(Journal)) or 0
    lines = session.scalar(select(func.count()).select_from(JournalLine)) or 0
    return f"{journals:,} journals, {lines:,} lines"


def _nets(session: Session) -> Iterator[str]:
    """What must come to nothing: what two branches owe each other, memorandum accounts, the whole book."""
    yield from _branches(session)
    query = (
        select(JournalLine.currency, GlAccount.account_class == AccountClass.MEMO, _NET)
        .join(GlAccount, GlAccount.id == JournalLine.gl_account_id)
        .group_by(JournalLine.currency, GlAccount.account_class == AccountClass.MEMO)
        .having(_NET != 0)
    )
    for currency, memo, net in session.execute(query):
        label = "memorandum accounts" if memo else "trial balance"
        yield f"{label}: debits less credits are {int(net):,} {currency} instead of 0"


def _branches(session: Session) -> Iterator[str]:
    book = chart(session)
    due = [book.leg(Event.INTER_BRANCH, None, name).id for name in ("due_from", "due_to")]
    other = func.coalesce(JournalLine.subledger_id, JournalLine.branch_id)
    pair = (func.least(JournalLine.branch_id, other), func.greatest(JournalLine.branch_id, other))
    query = select(*pair, _NET).where(JournalLine.gl_account_id.in_(due)).group_by(*pair).having(_NET != 0)
    names = {branch.id: branch.name for branch in organisation.list_branches(session)}
    for one, two, net in session.execute(query):
        yield f"inter-branch accounts of {names.get(one)} and {names.get(two)}: they net to {int(net):,} instead of 0"


def _branch_count(session: Session) -> str:
    return f"{len(organisation.list_branches(session)):,} branches"


BALANCE = Proof("Journals balance", unbalanced, _size)
NETS = Proof("Branches and memorandum net to zero", _nets, _branch_count)
