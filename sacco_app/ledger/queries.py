"""What other rooms and the pages read from the book."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import CURRENCIES, UGX, Currency, Money
from sacco_app.ledger.balances import movements
from sacco_app.ledger.chart import chart
from sacco_app.ledger.errors import JournalNotFound
from sacco_app.ledger.models import GlAccount, Journal, JournalLine
from sacco_app.ledger.types import (
    AccountFacts,
    JournalLineView,
    JournalView,
    SubledgerLine,
    TrialBalance,
    TrialBalanceRow,
)

_NORMAL = case(
    (GlAccount.normal_side == "D", JournalLine.debit_minor - JournalLine.credit_minor),
    else_=JournalLine.credit_minor - JournalLine.debit_minor,
)


def subledger_balance(session: Session, kind: str, id: UUID, until: date | None = None) -> int:
    """The balance in minor units on the accounts' normal side, at the end of `until` (None: of everything)."""
    query = (
        select(func.coalesce(func.sum(_NORMAL), 0))
        .join(GlAccount, GlAccount.id == JournalLine.gl_account_id)
        .where(JournalLine.subledger_id == id, JournalLine.subledger_kind == kind)
    )
    if until is not None:
        query = query.where(JournalLine.business_date <= until)
    return int(session.execute(query).scalar_one())


def opening_balance(session: Session, kind: str, id: UUID, before: date) -> int:
    """The balance in minor units at the start of `before`."""
    query = (
        select(func.coalesce(func.sum(_NORMAL), 0))
        .join(GlAccount, GlAccount.id == JournalLine.gl_account_id)
        .where(JournalLine.subledger_id == id, JournalLine.subledger_kind == kind, JournalLine.business_date < before)
    )
    return int(session.execute(query).scalar_one())


def subledger_lines(
    session: Session, kind: str, id: UUID, date_from: date | None = None, date_to: date | None = None
) -> list[SubledgerLine]:
    """The movements of one savings account, till or vault in the order they were posted, oldest first."""
    query = (
        select(JournalLine, Journal, _NORMAL.label("change"))
        .join(Journal, Journal.id == JournalLine.journal_id)
        .join(GlAccount, GlAccount.id == JournalLine.gl_account_id)
        .where(JournalLine.subledger_id == id, JournalLine.subledger_kind == kind)
        .order_by(JournalLine.business_date, Journal.number, JournalLine.line_no)
    )
    balance = 0
    if date_from is not None:
        query = query.where(JournalLine.business_date >= date_from)
        balance = opening_balance(session, kind, id, date_from)
    if date_to is not None:
        query = query.where(JournalLine.business_date <= date_to)
    lines = []
    for line, journal, change in session.execute(query):
        balance += int(change)
        lines.append(_subledger_line(line, journal, balance))
    return lines


def latest_subledger_lines(session: Session, kind: str, id: UUID, limit: int) -> list[SubledgerLine]:
    """The last `limit` movements of one savings account, till or vault, newest first."""
    query = (
        select(JournalLine, Journal, _NORMAL.label("change"))
        .join(Journal, Journal.id == JournalLine.journal_id)
        .join(GlAccount, GlAccount.id == JournalLine.gl_account_id)
        .where(JournalLine.subledger_id == id, JournalLine.subledger_kind == kind)
        .order_by(JournalLine.business_date.desc(), Journal.number.desc(), JournalLine.line_no.desc())
        .limit(limit)
    )
    balance, lines = subledger_balance(session, kind, id), []
    for line, journal, change in session.execute(query):
        lines.append(_subledger_line(line, journal, balance))
        balance -= int(change)
    return lines


def _subledger_line(line: JournalLine, journal: Journal, balance: int) -> SubledgerLine:
    currency = CURRENCIES[line.currency]
    return SubledgerLine(
        line.business_date,
        line.value_date,
        journal.posted_at,
        journal.id,
        journal.event_code,
        journal.narration,
        Money(line.debit_minor, currency),
        Money(line.credit_minor, currency),
        Money(balance, currency),
        journal.transaction_id,
    )


def trial_balance(
    session: Session,
    as_of: date,
    branch_id: UUID | None = None,
    currency: Currency = UGX,
    *,
    since: date | None = None,
    branches: Collection[UUID] | None = None,
) -> TrialBalance:
    """Every account with a balance at the end of `as_of`, in one branch, in `branches` or (None) in all.

    With `since` each row also tells the balance at the end of that day and what moved after it; accounts that moved to
    nothing are then listed too.
    """
    moved = movements(as_of, currency, [branch_id] if branch_id else branches)
    net, later = moved.c.debit_minor - moved.c.credit_minor, moved.c.business_date > (since or date.min)
    closing, opening = func.sum(net), func.sum(net).filter(~later)
    debit, credit = (func.sum(side).filter(later) for side in (moved.c.debit_minor, moved.c.credit_minor))
    totals = select(moved.c.gl_account_id, closing, opening, debit, credit).group_by(moved.c.gl_account_id)
    book = chart(session)
    found = {row[0]: [int(amount or 0) for amount in row[1:]] for row in session.execute(totals)}
    rows = tuple(
        _balance_row(account, found[account.id], currency, compared=since is not None)
        for account in book.by_id.values()
        if account.id in found and (found[account.id][0] or (since is not None and any(found[account.id])))
    )
    return TrialBalance(as_of, branch_id, currency, rows, since)


def _balance_row(account: AccountFacts, sums: list[int], currency: Currency, *, compared: bool) -> TrialBalanceRow:
    closing, opening, debit, credit = sums
    return TrialBalanceRow(
        account.id,
        account.code,
        account.name,
        account.account_class,
        account.normal_side,
        Money(max(closing, 0), currency),
        Money(max(-closing, 0), currency),
        Money(opening if compared else 0, currency),
        Money(debit if compared else 0, currency),
        Money(credit if compared else 0, currency),
    )


def in_scope(actor: Actor, column: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """The condition for rows of the actor's branches."""
    return true() if actor.branch_ids is None else column.in_(actor.branch_ids)


def get_journal(session: Session, actor: Actor, journal_id: UUID) -> JournalView:
    """One journal of the actor's branches. Raises JournalNotFound."""
    found = _views(session, Journal.id == journal_id, in_scope(actor, Journal.branch_id))
    if not found:
        raise JournalNotFound
    return found[0]


def journals_of_transaction(session: Session, transaction_id: UUID) -> list[JournalView]:
    """The journals that a transaction caused, oldest first."""
    return _views(session, Journal.transaction_id == transaction_id)


def _views(session: Session, *conditions: ColumnElement[bool]) -> list[JournalView]:
    mirror = aliased(Journal)
    query = (
        select(Journal, mirror.id).outerjoin(mirror, mirror.reverses_id == Journal.id).where(*conditions)
    ).order_by(Journal.number)
    return [_view(session, journal, reversed_by) for journal, reversed_by in session.execute(query)]


def _view(session: Session, journal: Journal, reversed_by: UUID | None) -> JournalView:
    currency = CURRENCIES[journal.currency]
    query = (
        select(JournalLine, GlAccount)
        .join(GlAccount, GlAccount.id == JournalLine.gl_account_id)
        .where(JournalLine.journal_id == journal.id)
        .order_by(JournalLine.line_no)
    )
    lines = tuple(
        JournalLineView(
            account.id,
            account.code,
            account.name,
            line.branch_id,
            Money(line.debit_minor, currency),
            Money(line.credit_minor, currency),
        )
        for line, account in session.execute(query)
    )
    same = (
        "id number business_date value_date posted_at branch_id event_code source_ref narration reason maker_id "
        "checker_id reverses_id transaction_id"
    )
    facts = {name: getattr(journal, name) for name in same.split()}
    return JournalView(**facts, reversed_by_id=reversed_by, total=Money(journal.total_minor, currency), lines=lines)
