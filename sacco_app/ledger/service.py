"""Posting and reversing journals: the only way into the book."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import appends
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import CURRENCIES, Currency
from sacco_app.ledger import rules
from sacco_app.ledger.chart import Chart, chart
from sacco_app.ledger.errors import (
    AlreadyReversed,
    ApproverIsMaker,
    JournalNotFound,
    PeriodClosed,
    PeriodSoftClosed,
    ReversalOfReversal,
)
from sacco_app.ledger.models import Journal, JournalLine
from sacco_app.ledger.types import (
    Event,
    JournalDraft,
    PeriodStatus,
    Perm,
    PostedJournal,
    ReverseJournal,
    Subledger,
)


def post_journal(session: Session, actor: Actor, clock: Clock, draft: JournalDraft) -> PostedJournal:
    """Queue the journal for the commit of this transaction; no round trip of its own while the chart stands.

    Lines that the draft puts into other branches are settled through the inter-branch accounts (J-33). Raises
    JournalUnbalanced, JournalEmpty, LegMisshapen, NoPostingProfile, AccountUnknown, PeriodClosed, PeriodSoftClosed;
    at the commit AlreadyPosted when (event, source_ref) is taken.
    """
    book = chart(session)
    require_open(book, draft.business_date, actor, draft.event)
    lines = _resolve(book, draft)
    rules.check_balanced(lines)
    if any(line.branch_id != draft.branch_id for line in lines):
        due_from = book.leg(Event.INTER_BRANCH, None, "due_from").id
        due_to = book.leg(Event.INTER_BRANCH, None, "due_to").id
        lines += rules.inter_branch(lines, draft.branch_id, due_from, due_to)
    return _write(session, actor, clock, draft, lines)


def reverse_journal(session: Session, actor: Actor, clock: Clock, command: ReverseJournal) -> PostedJournal:
    """Post the mirror image of a journal (J-58). The value date is the original's while its month is open.

    Raises JournalNotFound, AlreadyReversed, ReversalOfReversal, ApproverIsMaker, PeriodClosed.
    """
    appends.flush(session)
    original = session.get(Journal, command.journal_id)
    if original is None:
        raise JournalNotFound
    actor.require_branch(original.branch_id)
    if original.reverses_id is not None:
        raise ReversalOfReversal
    if session.scalar(select(Journal.id).where(Journal.reverses_id == original.id)) is not None:
        raise AlreadyReversed
    if command.checker_id is not None and command.checker_id == original.maker_id:
        raise ApproverIsMaker
    book = chart(session)
    require_open(book, command.business_date, actor, Event.REVERSAL)
    still_open = book.period(original.value_date) is PeriodStatus.OPEN
    draft = JournalDraft(
        event=Event.REVERSAL,
        source_ref=command.source_ref,
        business_date=command.business_date,
        branch_id=original.branch_id,
        currency=_currency(original),
        narration=f"Reversal of {original.event_code} {original.narration}"[:240],
        legs=(),
        value_date=original.value_date if still_open else command.business_date,
        transaction_id=original.transaction_id,
        checker_id=command.checker_id,
        reason=command.reason,
        maker_id=command.maker_id,
    )
    lines = [line.mirrored() for line in _lines_of(session, original.id)]
    return _write(session, actor, clock, draft, lines, reverses_id=original.id)


def require_open(book: Chart, day: date, actor: Actor, event: str) -> None:
    """Raise unless the month of `day` takes this event: soft-closed takes the accountant's corrections alone."""
    status = book.period(day)
    if status is PeriodStatus.CLOSED:
        raise PeriodClosed
    correction = event in (Event.MANUAL, Event.REVERSAL) and (
        actor.may(Perm.JOURNAL_POST) or actor.may(Perm.JOURNAL_APPROVE)
    )
    if status is PeriodStatus.SOFT_CLOSED and not correction and not actor.is_system:
        raise PeriodSoftClosed(month=f"{day:%B %Y}")


def _currency(journal: Journal) -> Currency:
    return CURRENCIES[journal.currency]


def _resolve(book: Chart, draft: JournalDraft) -> list[rules.Line]:
    lines = []
    for leg in draft.legs:
        debit, credit = rules.sides(leg, draft.currency)
        if debit == credit == 0:
            continue
        code = leg.account_code
        account = book.account(code) if code else book.leg(draft.event, draft.product, leg.name)
        branch = leg.branch_id or draft.branch_id
        lines.append(rules.Line(account.id, branch, debit, credit, leg.member_id, leg.subledger))
    return lines


def _lines_of(session: Session, journal_id: UUID) -> list[rules.Line]:
    query = select(JournalLine).where(JournalLine.journal_id == journal_id).order_by(JournalLine.line_no)
    return [
        rules.Line(
            row.gl_account_id,
            row.branch_id,
            row.debit_minor,
            row.credit_minor,
            row.member_id,
            Subledger(row.subledger_kind, row.subledger_id) if row.subledger_kind and row.subledger_id else None,
        )
        for row in session.scalars(query)
    ]


def _write(
    session: Session,
    actor: Actor,
    clock: Clock,
    draft: JournalDraft,
    lines: list[rules.Line],
    *,
    reverses_id: UUID | None = None,
) -> PostedJournal:
    journal_id = new_id()
    value_date = draft.value_date or draft.business_date
    total = rules.check_balanced(lines)
    appends.append(
        session,
        Journal,
        id=journal_id,
        business_date=draft.business_date,
        value_date=value_date,
        posted_at=clock.now(),
        branch_id=draft.branch_id,
        currency=draft.currency.code,
        event_code=str(draft.event),
        source_ref=draft.source_ref,
        narration=draft.narration[:240],
        maker_id=draft.maker_id or actor.user_id,
        checker_id=draft.checker_id,
        reverses_id=reverses_id,
        transaction_id=draft.transaction_id,
        reason=draft.reason,
        total_minor=total,
        line_count=len(lines),
    )
    for number, line in enumerate(lines, 1):
        appends.append(
            session,
            JournalLine,
            id=new_id(),
            journal_id=journal_id,
            line_no=number,
            gl_account_id=line.account_id,
            branch_id=line.branch_id,
            business_date=draft.business_date,
            value_date=value_date,
            currency=draft.currency.code,
            debit_minor=line.debit,
            credit_minor=line.credit,
            member_id=line.member_id,
            subledger_kind=line.subledger.kind if line.subledger else None,
            subledger_id=line.subledger.id if line.subledger else None,
        )
    return PostedJournal(journal_id)
