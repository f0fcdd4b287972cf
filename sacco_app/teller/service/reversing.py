"""Taking cash back by the mirrored journal, while the tills that it went through are open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from sacco_app.kernel import locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.kernel.nudges import nudge, user_room
from sacco_app.organisation import queries as organisation
from sacco_app.savings import service as savings
from sacco_app.teller.errors import TillShortOfCash, VaultShortOfCash
from sacco_app.teller.models import Banking, CashMove, TillSession, Vault
from sacco_app.teller.service.posting import vault_of
from sacco_app.teller.service.vault import locked_banking
from sacco_app.teller.types import BankingState, TillState
from sacco_app.transactions import service as transactions
from sacco_app.transactions.errors import NotReversible
from sacco_app.transactions.types import (
    TITLES,
    Original,
    RequestReversal,
    TransactionFacts,
    TransactionKind,
)


def _till_lock(*ids: UUID | None) -> LockRequest:
    return LockRequest(LockRank.TILL_SESSION, TillSession, tuple(one for one in ids if one))


def check_tills(session: Session, row: Original) -> None:
    """Raise NotReversible when a till that the cash went through has handed in; one on a break still goes on."""
    taker_id = None
    if row.kind == TransactionKind.TILL_TRANSFER:
        taker_id = session.scalar(_taker(row))
    for till_id in filter(None, (row.till_session_id, taker_id)):
        till = session.get_one(TillSession, till_id)
        if till.state != TillState.SUSPENDED:
            _require_open(row, till)


def _taker(row: Original) -> Select[UUID | None]:
    return select(CashMove.to_session_id).where(CashMove.transaction_id == row.id)


def _require_open(row: Original, till: TillSession) -> None:
    if till.state == TillState.OPENED:
        return
    if till.state == TillState.SUSPENDED:
        why = f"till {till.till_code} is on a break; it can be taken back when the till goes on"
    elif row.account_id:
        why = (
            f"till {till.till_code} has handed in its cash. Put a wrong account right by a transfer; "
            "tell the accountant of a wrong amount, which is in what the till was short or over"
        )
    else:
        why = (
            f"till {till.till_code} has handed in its cash. "
            "Tell the accountant, who sees the amount in what the till was short or over"
        )
    raise NotReversible(kind=TITLES[TransactionKind(row.kind)].lower(), why=why)


def _change(session: Session, till: TillSession, row: Original, sign: int) -> None:
    """Put the amount into a till, or take it out. Raises TillShortOfCash, NotReversible."""
    _require_open(row, till)
    if sign < 0 and till.balance_minor < row.amount.minor:
        raise TillShortOfCash(amount=row.amount)
    till.balance_minor += sign * row.amount.minor
    nudge(session, user_room(till.teller_id), "till")


def _change_vault(vault: Vault, row: Original, sign: int) -> None:
    if sign < 0 and vault.balance_minor < row.amount.minor:
        raise VaultShortOfCash(amount=row.amount)
    vault.balance_minor += sign * row.amount.minor


def reverse_cash(
    session: Session, actor: Actor, clock: Clock, row: Original, command: RequestReversal, reversal_id: UUID
) -> TransactionFacts:
    """Take a deposit, a withdrawal or what an heir was paid back. Raises NotReversible, TillShortOfCash, InsufficientFunds."""
    assert row.account_id
    assert row.till_session_id
    locked = locks.acquire(session, [savings.account_lock(row.account_id), _till_lock(row.till_session_id)])
    till = locked.one(TillSession, row.till_session_id)
    _require_open(row, till)
    amount, charge, day = row.amount, row.charge, till.business_date
    if row.kind == TransactionKind.DEPOSIT:
        moved = savings.debit(session, locked, row.account_id, amount - charge.total, day, keep_minimum=False)
    elif row.kind == TransactionKind.ESTATE_CASH:
        moved = savings.give_back(session, clock, locked, row, day)
    else:
        moved = savings.credit(session, locked, row.account_id, amount + charge.total, day, giving_back=True)
    _change(session, till, row, -1 if row.kind == TransactionKind.DEPOSIT else 1)
    return _record(session, actor, clock, row, command, reversal_id, till, balance_after=moved.balance_after)


def reverse_move(
    session: Session, actor: Actor, clock: Clock, row: Original, command: RequestReversal, reversal_id: UUID
) -> TransactionFacts:
    """Take cash between vault and till, or two tills, back. Raises NotReversible, TillShortOfCash, VaultShortOfCash."""
    assert row.till_session_id
    vault = None if row.kind == TransactionKind.TILL_TRANSFER else vault_of(session, row.branch_id)
    taker_id = session.scalar(_taker(row))
    locked = locks.acquire(session, [_till_lock(row.till_session_id, taker_id)])
    till = locked.one(TillSession, row.till_session_id)
    if vault is None:
        assert taker_id
        _change(session, locked.one(TillSession, taker_id), row, -1)
        _change(session, till, row, 1)
    else:
        sign = 1 if row.kind == TransactionKind.FLOAT_RETURN else -1
        _change(session, till, row, sign)
        _change_vault(vault, row, -sign)
    return _record(session, actor, clock, row, command, reversal_id, till)


def reverse_vault(
    session: Session, actor: Actor, clock: Clock, row: Original, command: RequestReversal, reversal_id: UUID
) -> TransactionFacts:
    """Take a movement between vault and bank, or a difference of the vault, back.

    Raises NotReversible when the bank has what was sent, VaultShortOfCash.
    """
    vault = vault_of(session, row.branch_id)
    if row.kind in (TransactionKind.VAULT_BANKING, TransactionKind.VAULT_BANKED):
        _return_banking(session, row)
    if row.kind != TransactionKind.VAULT_BANKED:
        _change_vault(vault, row, -1 if row.kind in (TransactionKind.VAULT_FUNDING, TransactionKind.VAULT_OVER) else 1)
    return _record(session, actor, clock, row, command, reversal_id, None)


def _return_banking(session: Session, row: Original) -> None:
    """Cash that was sent is in the vault again, or on its way again when its slip was wrong."""
    sent = Banking.transaction_id == row.id
    slip = Banking.slip_transaction_id == row.id
    banking = locked_banking(session, session.scalars(select(Banking.id).where(or_(sent, slip))).one())
    if row.kind == TransactionKind.VAULT_BANKED:
        banking.state, banking.slip_number, banking.slip_minor = BankingState.IN_TRANSIT, "", None
        banking.slip_transaction_id = banking.banked_by = banking.banked_at = None
    elif banking.state == BankingState.IN_TRANSIT:
        banking.state = BankingState.RETURNED
    else:
        raise NotReversible(
            kind=TITLES[TransactionKind(row.kind)].lower(), why="the bank has it: take its slip back first"
        )


def _record(
    session: Session,
    actor: Actor,
    clock: Clock,
    row: Original,
    command: RequestReversal,
    reversal_id: UUID,
    till: TillSession | None,
    **known: Any,
) -> TransactionFacts:
    """Mirror the journal and write the reversal down, on the business date of the till or of the branch."""
    day = till.business_date if till else organisation.business_date(session, row.branch_id)
    known |= {"till_session_id": till.id, "till_code": till.till_code} if till else {}
    return transactions.write_reversal(session, actor, clock, row, command, reversal_id, day, **known)
