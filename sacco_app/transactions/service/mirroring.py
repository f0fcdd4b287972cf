"""Writing a reversal down: the mirrored journal, and the transaction that takes the other one back."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.ledger import service as ledger
from sacco_app.ledger.types import ReverseJournal
from sacco_app.transactions.errors import NotReversible
from sacco_app.transactions.service.recording import record
from sacco_app.transactions.types import (
    TITLES,
    Original,
    RequestReversal,
    TransactionDraft,
    TransactionFacts,
    TransactionKind,
)

COPIED = (
    "branch_id",
    "amount",
    "charge",
    "member_id",
    "member_name",
    "member_number",
    "account_id",
    "account_number",
)


def write_reversal(
    session: Session,
    actor: Actor,
    clock: Clock,
    row: Original,
    command: RequestReversal,
    reversal_id: UUID,
    day: date,
    **known: Any,
) -> TransactionFacts:
    """Mirror the journal (J-58) and record the reversal on the business date `day`, once the money has moved back.

    `known` are further fields of the draft that only the room that moved the money knows. The actor is the checker, the
    maker is who asked. Raises NotReversible without a journal, and what `ledger.reverse_journal` refuses.
    """
    if row.journal_id is None:
        raise NotReversible(kind=TITLES[TransactionKind(row.kind)].lower(), why="it has no journal")
    journal = ledger.reverse_journal(
        session,
        actor,
        clock,
        ReverseJournal(
            journal_id=row.journal_id,
            reason=command.reason,
            maker_id=command.maker_id,
            source_ref=str(reversal_id),
            business_date=day,
            checker_id=actor.user_id,
        ),
    )
    draft = TransactionDraft(
        id=reversal_id,
        kind=TransactionKind.REVERSAL,
        business_date=day,
        narration=command.reason,
        reverses_id=row.id,
        journal_id=journal.id,
        **{name: getattr(row, name) for name in COPIED},
        **known,
    )
    return record(session, actor, clock, draft)
