"""What a member is told by SMS when money was paid in, taken out, sent or corrected (handbook 7.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import KAMPALA, Clock
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.kernel.nudges import branch_room, nudge, user_room
from sacco_app.members import estates
from sacco_app.members.contacts import contact
from sacco_app.notifications import queries as notification_queries
from sacco_app.notifications import service as notifications
from sacco_app.notifications.rules import masked_account
from sacco_app.transactions import queries
from sacco_app.transactions.models import Transaction
from sacco_app.transactions.types import Recorded, TransactionKind
from sacco_app.webkit.jobs import subscriber

CODES = {
    TransactionKind.DEPOSIT: "DEPOSIT",
    TransactionKind.WITHDRAWAL: "WITHDRAW",
    TransactionKind.TRANSFER: "TRANSFER_OUT",
    TransactionKind.REVERSAL: "REVERSAL",
}


@subscriber(Recorded.topic)
def tell_member(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """The member whose account was moved hears of it, in the member's language. Of one who died nobody hears (handbook 1.5).

    Open pages of the branch and of the teller's other screens hear that they are out of date.
    """
    code = CODES.get(payload["kind"])
    row = session.get_one(Transaction, UUID(payload["transaction_id"]))
    nudge(session, branch_room(row.branch_id), "transactions")
    nudge(session, user_room(row.maker_id), "till")
    if code is None or row.member_id is None or estates.is_deceased(session, row.member_id):
        return
    values = _values(session, row, row.member_id)
    notifications.send(session, clock, contact(session, row.member_id).sms(code, payload["event_id"], values))


def _values(session: Session, row: Transaction, member_id: UUID) -> dict[str, str]:
    currency = CURRENCIES[row.currency]
    charge = queries.charge_of(row).total
    told = row.balance_after_minor is not None and notification_queries.tells_balance(
        session, member_id, row.business_date
    )
    return {
        "cur": row.currency,
        "amt": Money(row.amount_minor, currency).format(),
        "acc": masked_account(row.account_number),
        "acc2": masked_account(row.other_account_number),
        "dt": f"{row.at.astimezone(KAMPALA):%d/%m/%y %H:%M}",
        "fee": charge.format() if charge.minor else "",
        "bal": str(Money(row.balance_after_minor or 0, currency)) if told else "",
        "ref": row.receipt_number or row.number,
    }
