"""Proofs of the book: what `flask ledger check` and the close of the day look for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sacco_app.ledger.chart import Chart, chart
from sacco_app.ledger.models import GlAccount, Journal, JournalLine
from sacco_app.ledger.ports import subledgers
from sacco_app.ledger.types import AccountClass, Event

_NET = func.sum(JournalLine.debit_minor - JournalLine.credit_minor)


def differences(session: Session) -> list[str]:
    """Everything that does not hold, one sentence each; empty when the book is clean."""
    book = chart(session)
    return [
        *_unbalanced(session),
        *_subledgers(session, book),
        *_nets_to_nothing(session, book),
    ]


def size(session: Session) -> tuple[int, int]:
    """How many journals and lines there are."""
    journals = session.scalar(select(func.count()).select_from(Journal)) or 0
    return journals, session.scalar(select(func.count()).select_from(JournalLine)) or 0


def _unbalanced(session: Session) -> Iterator[str]:
    per_branch = (
        select(JournalLine.journal_id, JournalLine.branch_id, _NET.label("net"))
        .group_by(JournalLine.journal_id, JournalLine.branch_id, JournalLine.currency)
        .having(_NET != 0)
    )
    for journal_id, branch_id, net in session.execute(per_branch):
        yield f"journal {journal_id}: debits less credits are {net} in branch {branch_id}"
    sums = (
        select(JournalLine.journal_id, func.count().label("lines"), func.sum(JournalLine.debit_minor).label("total"))
        .group_by(JournalLine.journal_id)
        .subquery()
    )
    incomplete = (
        select(Journal.number)
        .outerjoin(sums, sums.c.journal_id == Journal.id)
        .where(or_(sums.c.lines.is_(None), sums.c.lines != Journal.line_count, sums.c.total != Journal.total_minor))
    )
    for number in session.scalars(incomplete):
        yield f"journal {number}: its lines are not those it was posted with"


def _subledgers(session: Session, book: Chart) -> Iterator[str]:
    held: dict[str, int] = defaultdict(int)
    for source in subledgers():
        booked = _booked(session, source.kind)
        stated: dict[tuple[str, UUID], int] = defaultdict(int)
        for code, identity, minor in source.balances(session):
            stated[code, identity] += minor
            held[code] += minor
        for key in sorted(booked.keys() | stated.keys(), key=str):
            if booked.get(key, 0) != stated.get(key, 0):
                says = f"the sub-ledger says {stated.get(key, 0):,}, the book {booked.get(key, 0):,}"
                yield f"{source.label} {key[1]} on {key[0]}: {says}"
    totals = _by_account(session)
    for code, total in sorted(held.items()):
        account = book.by_code.get(code)
        if account is None:
            yield f"account {code}: a sub-ledger names it, the chart does not"
            continue
        net = totals.get(account.id, 0)
        control = net if account.normal_side == "D" else -net
        if control != total:
            yield f"account {code} {account.name}: control {control:,}, sum of its sub-ledgers {total:,}"


def _booked(session: Session, kind: str) -> dict[tuple[str, UUID], int]:
    query = (
        select(GlAccount.code, GlAccount.normal_side, JournalLine.subledger_id, _NET)
        .join(GlAccount, GlAccount.id == JournalLine.gl_account_id)
        .where(JournalLine.subledger_kind == kind)
        .group_by(GlAccount.code, GlAccount.normal_side, JournalLine.subledger_id)
    )
    return {
        (code, identity): int(net) if side == "D" else -int(net)
        for code, side, identity, net in session.execute(query)
        if identity is not None
    }


def _by_account(session: Session) -> dict[UUID, int]:
    query = select(JournalLine.gl_account_id, _NET).group_by(JournalLine.gl_account_id)
    return {account: int(net) for account, net in session.execute(query)}


def _nets_to_nothing(session: Session, book: Chart) -> Iterator[str]:
    totals = _by_account(session)
    due = {book.leg(Event.INTER_BRANCH, None, name).id for name in ("due_from", "due_to")}
    memo = {account.id for account in book.by_id.values() if account.account_class is AccountClass.MEMO}
    for label, accounts in (("inter-branch accounts", due), ("memorandum accounts", memo)):
        net = sum(totals.get(account, 0) for account in accounts)
        if net:
            yield f"{label}: they net to {net:,} instead of 0"
    if sum(totals.values()):
        yield f"trial balance: debits less credits are {sum(totals.values()):,}"
