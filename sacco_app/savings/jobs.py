"""Accounts fall asleep by themselves; a member is told by SMS when another member's money arrives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import KAMPALA, Clock
from sacco_app.members import queries as members
from sacco_app.members.contacts import contact
from sacco_app.notifications import service as notifications
from sacco_app.notifications.rules import masked_account
from sacco_app.savings import service
from sacco_app.savings.models import SavingsAccount
from sacco_app.transactions import queries as transactions
from sacco_app.transactions.types import Recorded, TransactionKind
from sacco_app.webkit.jobs import every, subscriber


@every(hours=6)
def mark_dormant(session: Session, actor: Actor, clock: Clock) -> None:
    """Accounts without a movement for their product's number of days become dormant."""
    service.mark_dormant(session, actor, clock)


@subscriber(Recorded.topic)
def tell_receiver(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """Whoever received a transfer from somebody else hears of it; the sender's name is masked."""
    if payload["kind"] not in (TransactionKind.TRANSFER, TransactionKind.ESTATE_TRANSFER):
        return
    row = transactions.get_row(session, actor, UUID(payload["transaction_id"]))
    account = session.get(SavingsAccount, row.other_account_id) if row.other_account_id else None
    if account is None or row.member_id is None or account.member_id == row.member_id:
        return
    reader = contact(session, account.member_id)
    facts = transactions.get_facts(session, row.id)
    values = {
        "cur": row.currency,
        "amt": facts.amount.format(),
        "acc": masked_account(account.number),
        "who": members.get_member(session, row.member_id).masked_name[:25],
        "dt": f"{row.at.astimezone(KAMPALA):%d/%m/%y %H:%M}",
        "bal": "",
        "ref": facts.number,
    }
    notifications.send(session, clock, reader.sms("TRANSFER_IN", payload["event_id"], values))
