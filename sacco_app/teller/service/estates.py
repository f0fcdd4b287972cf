"""Paying an heir in cash (J-24): asked for by the teller, allowed by a second person, paid from the teller's till."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel import locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.savings import service as savings
from sacco_app.savings.types import AskedPayout, PayHeir
from sacco_app.teller.errors import TillShortOfCash
from sacco_app.teller.service.posting import Cash, open_session, post, till_leg
from sacco_app.teller.types import TellerPermission
from sacco_app.transactions.types import Charge, TransactionKind


def ask_heir_cash(session: Session, actor: Actor, clock: Clock, command: PayHeir) -> UUID:
    """Ask that an heir is paid in cash. Raises TillNotOpen, and what `savings.ask_payout` refuses."""
    actor.require(TellerPermission.TILL_OPERATE)
    asked = savings.ask_payout(session, actor, clock, command)
    open_session(session, actor)
    return asked


def pay_heir(session: Session, actor: Actor, clock: Clock, asked: AskedPayout, request_id: UUID) -> str:
    """The teller pays what was allowed. The request's id becomes the transaction's. Returns the receipt's address."""
    command = asked.payout
    locked = locks.acquire(session, [savings.account_lock(command.account_id)])
    till = open_session(session, actor)
    amount = command.amount
    moved = savings.take_for_heir(session, locked, command, till.business_date, request_id)
    if till.balance_minor < amount.minor:
        raise TillShortOfCash(amount=amount)
    till.balance_minor -= amount.minor
    legs = (savings.leg("from", moved, debit=amount), till_leg("cash", till, credit=amount))
    cash = Cash(
        request_id,
        "J-24",
        TransactionKind.ESTATE_CASH,
        amount,
        Charge.none(amount.currency),
        f"Estate: {command.paid_to}",
        legs,
        moved,
        command.paid_to,
        authority=command.authority,
    )
    return f"/teller?posted={post(session, actor, clock, till, cash).id}"
