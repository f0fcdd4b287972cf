"""Taking a transfer back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel import locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import RuleViolation
from sacco_app.kernel.locks import Locked
from sacco_app.kernel.money import Money
from sacco_app.organisation import queries as organisation
from sacco_app.savings.models import SavingsAccount
from sacco_app.savings.service.moving import account_lock, credit, debit
from sacco_app.transactions import service as transactions
from sacco_app.transactions.errors import NotReversible
from sacco_app.transactions.types import Original, RequestReversal, TransactionFacts


def reverse_transfer(
    session: Session, actor: Actor, clock: Clock, row: Original, command: RequestReversal, reversal_id: UUID
) -> TransactionFacts:
    """Give a transfer back to the payer, with fee and duty, by the mirrored journal. Locks both accounts, sorted.

    Raises NotReversible when the receiver no longer has the money, or one of the accounts is closed.
    """
    if row.account_id is None or row.other_account_id is None:
        raise NotReversible(kind="transfer", why="it does not say where the money went; correct it with the accountant")
    locked = locks.acquire(session, [account_lock(row.account_id, row.other_account_id)])
    day = organisation.business_date(session, row.branch_id)
    take_back(session, locked, row.other_account_id, row.amount, day)
    given = credit(session, locked, row.account_id, row.amount + row.charge.total, day, giving_back=True)
    return transactions.write_reversal(
        session,
        actor,
        clock,
        row,
        command,
        reversal_id,
        day,
        balance_after=given.balance_after,
        other_account_id=row.other_account_id,
        other_account_number=row.other_account_number,
        party_name=row.party_name,
    )


def take_back(session: Session, locked: Locked, account_id: UUID, amount: Money, day: date) -> None:
    """Take from the receiver what a transfer gave. Raises NotReversible when it is no longer there."""
    try:
        debit(session, locked, account_id, amount, day, keep_minimum=False)
    except RuleViolation as refused:
        number = locked.one(SavingsAccount, account_id).number
        why = f"account {number} no longer has {amount} to give back"
        raise NotReversible(kind="transfer", why=why) from refused
