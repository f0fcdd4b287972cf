"""Money that stays on an account and cannot be used: while something waits, or because somebody has ordered it (J-44)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import idempotency, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries, rules
from sacco_app.savings.errors import AlreadyHeld, HoldOfOthers
from sacco_app.savings.models import SavingsAccount, SavingsHold
from sacco_app.savings.service.moving import CORRECTED, PAYS_OUT, account_lock, in_state, require_awake
from sacco_app.savings.types import PlaceHold, SavingsPermission


def place_hold(
    session: Session,
    actor: Actor,
    clock: Clock,
    account_id: UUID,
    amount: Money,
    reason: str,
    held_for: UUID,
    *,
    by_hand: bool = False,
) -> None:
    """Keep an amount on an account from being used; `held_for` names what it waits for.

    Raises InsufficientFunds, AlreadyHeld, AccountNotOpen, MemberBarred, CoolingOff.
    """
    if session.scalar(select(SavingsHold.id).where(SavingsHold.reference == held_for)):
        raise AlreadyHeld
    states = CORRECTED if by_hand else PAYS_OUT
    row = in_state(locks.acquire(session, [account_lock(account_id)]), account_id, amount, states)
    members.require_not_barred(session, row.member_id)
    if not by_hand:
        require_awake(row, organisation.business_date(session, row.branch_id))
    currency = CURRENCIES[row.currency]
    minimum = Money(queries.minimum_of(row, queries.products(session)[row.product_code]), currency)
    rules.check_available(Money(row.ledger_balance_minor, currency), Money(row.held_minor, currency), minimum, amount)
    row.held_minor += amount.minor
    session.add(
        SavingsHold(
            account_id=account_id,
            amount_minor=amount.minor,
            reason=reason,
            reference=held_for,
            placed_at=clock.now(),
            by_hand=by_hand,
        )
    )


def release_hold(session: Session, actor: Actor, clock: Clock, held_for: UUID) -> None:
    """Let a held amount go; a second time does nothing."""
    account_id = session.scalar(select(SavingsHold.account_id).where(SavingsHold.reference == held_for))
    if account_id is None:
        return
    row = locks.acquire(session, [account_lock(account_id)]).one(SavingsAccount, account_id)
    hold = session.scalars(select(SavingsHold).where(SavingsHold.reference == held_for)).one()
    session.refresh(hold)
    if hold.released_at is None:
        hold.released_at = clock.now()
        row.held_minor -= hold.amount_minor


def hold_by_hand(session: Session, actor: Actor, clock: Clock, command: PlaceHold) -> None:
    """Hold an amount because a court, the board or a lender wants it. Raises InsufficientFunds, AccountNotOpen."""
    actor.require(SavingsPermission.HOLD_PLACE)
    held_for = new_id()
    claim = idempotency.claim(
        session,
        "savings.hold",
        command.idempotency_key,
        command,
        result_ref=str(held_for),
        actor_id=actor.user_id,
    )
    if claim.replayed:
        return
    actor.require_branch(queries.get_account(session, actor, command.account_id).branch_id)
    place_hold(session, actor, clock, command.account_id, command.amount, command.reason, held_for, by_hand=True)


def release_by_hand(session: Session, actor: Actor, clock: Clock, hold_id: UUID) -> UUID:
    """Let go what was held by hand. Returns the account. Raises NotFound, HoldOfOthers for what waits for a decision."""
    actor.require(SavingsPermission.HOLD_PLACE)
    hold = session.get(SavingsHold, hold_id)
    if hold is None:
        raise NotFound(what="hold")
    account = queries.get_account(session, actor, hold.account_id)
    if not hold.by_hand:
        raise HoldOfOthers
    release_hold(session, actor, clock, hold.reference)
    return account.id
