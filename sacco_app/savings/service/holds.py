"""Money that stays on an account and cannot be used: while something waits, or because somebody has ordered it (J-44)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import idempotency, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_instant
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries, rules
from sacco_app.savings.errors import AlreadyHeld, HoldOfOthers, HoldOrdered, HoldPlacedAlone, HoldReleased, ReleaseWaits
from sacco_app.savings.models import SavingsAccount, SavingsHold
from sacco_app.savings.service.moving import CORRECTED, PAYS_OUT, account_lock, in_state, require_awake
from sacco_app.savings.types import HoldOrder, PlaceHold, ReleaseHold, SavingsPermission

RELEASE = "savings.release-hold"


def place_hold(
    session: Session,
    actor: Actor,
    clock: Clock,
    account_id: UUID,
    amount: Money,
    reason: str,
    held_for: UUID,
    *,
    ordered_by: HoldOrder | None = None,
) -> None:
    """Keep an amount on an account from being used; `held_for` names what it waits for, `ordered_by` who wants it by hand.

    By hand it is placed on the accounts of barred members too, and for a court on the minimum balance as well.
    Raises InsufficientFunds, AlreadyHeld, AccountNotOpen, MemberBarred, CoolingOff.
    """
    if session.scalar(select(SavingsHold.id).where(SavingsHold.reference == held_for)):
        raise AlreadyHeld
    states = CORRECTED if ordered_by else PAYS_OUT
    row = in_state(locks.acquire(session, [account_lock(account_id)]), account_id, amount, states)
    if not ordered_by:
        members.require_not_barred(session, row.member_id)
        require_awake(row, organisation.business_date(session, row.branch_id))
    currency = CURRENCIES[row.currency]
    least = queries.minimum_of(row, queries.products(session)[row.product_code])
    minimum = Money(0 if ordered_by is HoldOrder.COURT else least, currency)
    rules.check_available(Money(row.ledger_balance_minor, currency), Money(row.held_minor, currency), minimum, amount)
    row.held_minor += amount.minor
    session.add(
        SavingsHold(
            account_id=account_id,
            amount_minor=amount.minor,
            reason=reason,
            reference=held_for,
            placed_at=clock.now(),
            by_hand=ordered_by is not None,
            ordered_by=ordered_by or "",
            placed_by=actor.user_id if ordered_by else None,
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
    order = command.ordered_by
    place_hold(session, actor, clock, command.account_id, command.amount, command.reason, held_for, ordered_by=order)


def release_by_hand(session: Session, actor: Actor, clock: Clock, hold_id: UUID) -> UUID:
    """Let go what a colleague held at the member's wish. Returns the account.

    Who placed it may have called a court's order a wish, so they do not end it alone. Raises NotFound, HoldOfOthers for
    what waits for a decision, HoldOrdered and HoldPlacedAlone for what takes a second person.
    """
    actor.require(SavingsPermission.HOLD_PLACE)
    hold = _by_hand(session, hold_id)
    account = queries.get_account(session, actor, hold.account_id)
    if hold.ordered_by != HoldOrder.MEMBER:
        raise HoldOrdered(who=HoldOrder(hold.ordered_by).words.capitalize())
    if hold.placed_by in (None, actor.user_id):
        raise HoldPlacedAlone
    release_hold(session, actor, clock, hold.reference)
    return account.id


def _by_hand(session: Session, hold_id: UUID) -> SavingsHold:
    hold = session.get(SavingsHold, hold_id)
    if hold is None:
        raise NotFound(what="hold")
    if not hold.by_hand:
        raise HoldOfOthers
    return hold


def ask_release(session: Session, actor: Actor, clock: Clock, command: ReleaseHold) -> UUID:
    """Ask that a hold ends which takes two people to let go. Returns the request that waits.

    Raises NotFound, HoldOfOthers, HoldReleased, ReleaseWaits.
    """
    actor.require(SavingsPermission.HOLD_PLACE)
    hold = _by_hand(session, command.hold_id)
    account = queries.get_account(session, actor, hold.account_id)
    if hold.released_at is not None:
        raise HoldReleased
    asked = approval_queries.waiting_for(session, account_url(account.id))
    if any(one.kind == RELEASE and one.command["hold_id"] == str(hold.id) for one in asked):
        raise ReleaseWaits
    return approvals.submit(session, actor, clock, RELEASE, command, command.reason)


def account_url(account_id: UUID) -> str:
    return f"/savings/accounts/{account_id}"


def describe_release(session: Session, command: ReleaseHold) -> Description:
    """Whose money it is, who ordered that it stays, why it stays and why it is to go. The member does not decide."""
    hold = session.get_one(SavingsHold, command.hold_id)
    account = queries.get_account(session, Actor.system(), hold.account_id)
    number, name = members.label(session, account.member_id)
    amount = Money(hold.amount_minor, account.held.currency)
    placed = access.names(session, [hold.placed_by]).get(hold.placed_by, "") if hold.placed_by else ""
    effects = (
        ("Member", f"{number} {name}"),
        ("Account", account.number),
        ("Ordered by", HoldOrder(hold.ordered_by).words),
        ("Held because", hold.reason),
        ("Held since", " by ".join(filter(None, (format_instant(hold.placed_at), placed)))),
        ("Available", f"{account.available} → {account.available_without(amount)}"),
        ("Let go because", command.reason),
    )
    theirs = frozenset(access.users_of_member(session, account.member_id))
    words = f"Let go {amount} held on {account.number} of {name}"
    return Description(words, account.branch_id, amount, effects, account_url(account.id), theirs)


def execute_release(session: Session, actor: Actor, clock: Clock, command: ReleaseHold, request_id: UUID) -> str:
    """Let it go: the second person's act; a second time does nothing."""
    hold = _by_hand(session, command.hold_id)
    release_hold(session, actor, clock, hold.reference)
    return account_url(hold.account_id)
