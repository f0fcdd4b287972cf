"""Manual journals and their reversal: the accountant makes, another person approves. Never on control accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.approvals import registry
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import CommandKind, Description
from sacco_app.kernel import idempotency
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger import papers
from sacco_app.ledger.chart import chart
from sacco_app.ledger.errors import (
    AlreadyReversed,
    ControlAccount,
    DateAhead,
    DateTooOld,
    JournalNotFound,
    JournalUnbalanced,
    NotReversibleHere,
)
from sacco_app.ledger.models import Journal
from sacco_app.ledger.papers import Paper
from sacco_app.ledger.service import post_journal, require_open, reverse_journal
from sacco_app.ledger.types import (
    Event,
    JournalDraft,
    Leg,
    PeriodStatus,
    Perm,
    PostManualJournal,
    RequestReversal,
    ReverseJournal,
)
from sacco_app.organisation import queries as organisation

WINDOW = "backdating.window_days"
MANUAL_KIND = "ledger.manual-journal"
REVERSAL_KIND = "ledger.reverse-journal"


def submit_manual(
    session: Session, actor: Actor, clock: Clock, command: PostManualJournal, handed_in: Sequence[Paper] = ()
) -> UUID | None:
    """Put a manual journal and its papers before a second person. Returns the request, or None for a form sent twice.

    Raises ControlAccount, AccountUnknown, JournalUnbalanced, PeriodClosed, DateAhead, DateTooOld, FileNotAccepted, NotPermitted.
    """
    actor.require(Perm.JOURNAL_POST)
    actor.require_branch(command.branch_id)
    if _replayed(session, actor, MANUAL_KIND, command):
        return None
    _check(session, actor, command)
    request_id = approvals.submit(session, actor, clock, MANUAL_KIND, command, reason=command.reason, required=1)
    papers.keep(session, actor, clock, request_id, command.branch_id, handed_in)
    return request_id


def submit_reversal(session: Session, actor: Actor, clock: Clock, command: RequestReversal) -> UUID | None:
    """Put the reversal of a manual journal before a second person. Returns the request, or None for a form sent twice.

    Raises JournalNotFound, NotReversibleHere, AlreadyReversed, PeriodClosed, DateAhead, DateTooOld, NotPermitted.
    """
    actor.require(Perm.JOURNAL_REVERSE)
    if _replayed(session, actor, REVERSAL_KIND, command):
        return None
    journal = _journal(session, command.journal_id)
    actor.require_branch(journal.branch_id)
    if journal.event_code != Event.MANUAL:
        raise NotReversibleHere
    if session.scalar(select(Journal.id).where(Journal.reverses_id == journal.id)) is not None:
        raise AlreadyReversed
    require_open(chart(session), command.business_date, actor, Event.REVERSAL)
    _require_near(session, journal.branch_id, command.business_date)
    return approvals.submit(session, actor, clock, REVERSAL_KIND, command, reason=command.reason, required=1)


def register_kinds() -> None:
    """Tell the approvals room what these commands are."""
    registry.register_kind(
        CommandKind(
            name=MANUAL_KIND,
            title="Manual journal",
            command=PostManualJournal,
            permission=Perm.JOURNAL_APPROVE,
            describe=_describe_manual,
            execute=_execute_manual,
            papers=papers.of_request,
        )
    )
    registry.register_kind(
        CommandKind(
            name=REVERSAL_KIND,
            title="Reversal of a journal",
            command=RequestReversal,
            permission=Perm.JOURNAL_APPROVE,
            describe=_describe_reversal,
            execute=_execute_reversal,
        )
    )


def _replayed(session: Session, actor: Actor, scope: str, command: PostManualJournal | RequestReversal) -> bool:
    claim = idempotency.claim(
        session, scope, command.idempotency_key, command, result_ref=str(new_id()), actor_id=actor.user_id
    )
    return claim.replayed


def _check(session: Session, actor: Actor, command: PostManualJournal) -> None:
    book = chart(session)
    require_open(book, command.business_date, actor, Event.MANUAL)
    _require_near(session, command.branch_id, command.business_date)
    for line in command.lines:
        account = book.account(line.account_code)
        if account.is_control:
            raise ControlAccount(code=account.code, name=account.name)
    if _debits(command) != sum(line.credit.minor for line in command.lines if line.credit):
        raise JournalUnbalanced


def _require_near(session: Session, branch_id: UUID, day: date) -> None:
    """The date has come in the branch, and lies back only so far; a soft-closed month is there to be corrected."""
    branch = organisation.get_branch(session, branch_id)
    if day > branch.business_date:
        raise DateAhead(branch=branch.name, day=format_date(branch.business_date))
    window = int(organisation.parameter(session, WINDOW, branch.business_date).number)
    oldest = branch.business_date - timedelta(days=window)
    if day < oldest and chart(session).period(day) is PeriodStatus.OPEN:
        raise DateTooOld(days=window, day=format_date(oldest))


def _debits(command: PostManualJournal) -> int:
    return sum(line.debit.minor for line in command.lines if line.debit)


def _describe_manual(session: Session, command: PostManualJournal) -> Description:
    book = chart(session)
    effects = []
    for line in command.lines:
        account = book.by_code.get(line.account_code)
        side = f"debit {line.debit.format()}" if line.debit else f"credit {line.credit.format() if line.credit else 0}"
        effects.append((f"{line.account_code} {account.name if account else ''}".strip(), side))
    currency = organisation.get_profile(session).currency
    return Description(
        summary=f"Manual journal: {command.narration}",
        amount=Money(_debits(command), currency),
        branch_id=command.branch_id,
        effects=tuple(effects),
        subject_url=None,
    )


def _execute_manual(session: Session, actor: Actor, clock: Clock, command: PostManualJournal, request_id: UUID) -> str:
    _check(session, actor, command)
    draft = JournalDraft(
        event=Event.MANUAL,
        source_ref=str(request_id),
        business_date=command.business_date,
        branch_id=command.branch_id,
        currency=organisation.get_profile(session).currency,
        narration=command.narration,
        legs=tuple(
            Leg(f"line {number}", line.debit, line.credit, line.account_code)
            for number, line in enumerate(command.lines, 1)
        ),
        checker_id=actor.user_id if actor.user_id != command.maker_id else None,
        maker_id=command.maker_id,
        reason=command.reason,
    )
    return f"/ledger/journals/{post_journal(session, actor, clock, draft).id}"


def _describe_reversal(session: Session, command: RequestReversal) -> Description:
    journal = _journal(session, command.journal_id)
    amount = Money(journal.total_minor, CURRENCIES[journal.currency])
    return Description(
        summary=f"Reverse journal {journal.number}: {journal.narration}",
        amount=amount,
        branch_id=journal.branch_id,
        effects=(("Every line mirrored", amount.format(with_code=True)),),
        subject_url=f"/ledger/journals/{journal.id}",
        beneficiary_user_ids=frozenset({journal.maker_id}),
    )


def _execute_reversal(session: Session, actor: Actor, clock: Clock, command: RequestReversal, request_id: UUID) -> str:
    reversal = ReverseJournal(
        command.journal_id,
        command.reason,
        str(request_id),
        command.business_date,
        checker_id=actor.user_id if actor.user_id != command.maker_id else None,
        maker_id=command.maker_id,
    )
    return f"/ledger/journals/{reverse_journal(session, actor, clock, reversal).id}"


def _journal(session: Session, journal_id: UUID) -> Journal:
    journal = session.get(Journal, journal_id)
    if journal is None:
        raise JournalNotFound
    return journal
