"""Recording what happened to money."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel import appends, locks, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_code
from sacco_app.ledger.types import Leg
from sacco_app.transactions import queries, rules
from sacco_app.transactions.models import ReceiptPrint, Transaction
from sacco_app.transactions.types import Charge, Recorded, TransactionDraft, TransactionFacts


def record(session: Session, actor: Actor, clock: Clock, draft: TransactionDraft) -> TransactionFacts:
    """Write the transaction and tell the outbox. Nothing is read back."""
    now = clock.now()
    number = rules.transaction_number(draft.business_date, new_code(8))
    skipped = ("id", "kind", "amount", "charge", "balance_after")
    plain = {n: getattr(draft, n) for n in TransactionDraft.__dataclass_fields__ if n not in skipped}
    appends.append(
        session,
        Transaction,
        id=draft.id,
        kind=draft.kind.value,
        number=number,
        check_code=new_code(12),
        channel=actor.channel,
        at=now,
        amount_minor=draft.amount.minor,
        fee_minor=draft.charge.fee.minor,
        duty_minor=draft.charge.duty.minor,
        currency=draft.amount.currency.code,
        balance_after_minor=draft.balance_after.minor if draft.balance_after is not None else None,
        maker_id=actor.user_id,
        **plain,
    )
    outbox.record(session, Recorded(draft.id, draft.kind.value, now))
    return TransactionFacts(draft.id, number, draft.receipt_number, draft.amount, draft.charge)


def charge_legs(charge: Charge, branch_id: UUID) -> tuple[Leg, Leg]:
    """The legs of fee and duty; a leg of zero leaves no line."""
    return Leg("fee", credit=charge.fee, branch_id=branch_id), Leg("excise", credit=charge.duty, branch_id=branch_id)


def print_receipt(session: Session, actor: Actor, clock: Clock, transaction_id: UUID) -> int:
    """Count a printing. Returns how many there were before: above zero it is a duplicate.

    Printers of one receipt take turns, so that there is one original. Raises NotFound.
    """
    queries.get_row(session, actor, transaction_id)
    locks.take_turns(session, [f"receipt:{transaction_id}"])
    before = queries.prints(session, transaction_id)
    session.add(ReceiptPrint(transaction_id=transaction_id, printed_by=actor.user_id, at=clock.now()))
    return before
