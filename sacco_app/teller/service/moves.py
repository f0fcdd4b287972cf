"""Cash in the middle of the day: top-up, return of excess (J-01, J-02) and till to till (J-03).

One side counts and offers, the other counts again and takes; only then does the cash move.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel import idempotency, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.kernel.nudges import branch_room, nudge, user_room
from sacco_app.teller import queries, rules
from sacco_app.teller.errors import (
    NothingCounted,
    OfferDecided,
    OtherBranch,
    OwnOffer,
    TillNotTaking,
    TillShortOfCash,
    VaultShortOfCash,
)
from sacco_app.teller.models import CashMove, TillSession, Vault
from sacco_app.teller.service.posting import move_cash, open_session, till_leg, vault_leg, vault_of
from sacco_app.teller.types import MoveKind, MoveState, OfferCash, TellerPermission, TillState
from sacco_app.transactions.types import TransactionKind


@dataclass(frozen=True, slots=True)
class _Sides:
    """Who gives and who takes, locked; the vault stands on a side without a till."""

    vault: Vault | None
    giver: TillSession | None
    taker: TillSession | None

    @property
    def tills(self) -> list[TillSession]:
        return [till for till in (self.giver, self.taker) if till is not None]


def offer_cash(session: Session, actor: Actor, clock: Clock, command: OfferCash, kind: MoveKind) -> UUID:
    """Offer counted cash: from the vault to a till, or from the actor's till to the vault or another till.

    Returns the offer's id. Raises NothingCounted, TillNotOpen, TillSuspended, TillNotTaking, OtherBranch, OwnOffer,
    TillAboveLimit, TillShortOfCash, VaultShortOfCash, IdempotencyKeyReused.
    """
    from_vault = kind == MoveKind.TOP_UP
    actor.require(TellerPermission.VAULT_OPERATE if from_vault else TellerPermission.TILL_OPERATE)
    move_id = new_id()
    claim = idempotency.claim(
        session,
        f"teller.offer-{kind}",
        command.idempotency_key,
        command,
        result_ref=str(move_id),
        actor_id=actor.user_id,
    )
    if claim.replayed:
        return UUID(claim.result_ref)
    taker = queries.get_session(session, actor, command.to_session_id) if command.to_session_id else None
    giver = None if from_vault else open_session(session, actor)
    till = giver or taker
    assert till is not None
    sides = _Sides(vault_of(session, till.branch_id) if from_vault else None, giver, taker)
    amount = Money(rules.counted(command.counts), CURRENCIES[till.currency])
    if not amount:
        raise NothingCounted
    if taker is not None and taker.teller_id == actor.user_id:
        raise OwnOffer
    _check(sides, amount)
    row = CashMove(
        id=move_id,
        kind=kind,
        state=MoveState.OFFERED,
        branch_id=till.branch_id,
        business_date=till.business_date,
        currency=till.currency,
        amount_minor=amount.minor,
        counts=[list(pair) for pair in command.counts],
        from_session_id=giver.id if giver else None,
        to_session_id=taker.id if taker else None,
        offered_by=actor.user_id,
        offered_at=clock.now(),
        remark="",
    )
    session.add(row)
    _tell(session, sides, row)
    return move_id


def _check(sides: _Sides, amount: Money) -> None:
    """Whether both sides can do it now."""
    for till in sides.tills:
        if till.state != TillState.OPENED:
            raise TillNotTaking(till=till.till_code)
    if len({till.branch_id for till in sides.tills}) > 1:
        raise OtherBranch
    if sides.giver is not None and sides.giver.balance_minor < amount.minor:
        raise TillShortOfCash(amount=amount)
    if sides.giver is None and sides.vault is not None and sides.vault.balance_minor < amount.minor:
        raise VaultShortOfCash(amount=amount)
    if sides.taker is not None:
        held = Money(sides.taker.balance_minor, amount.currency) + amount
        rules.check_till_limit(held, Money(sides.taker.limit_minor, amount.currency))


def _tell(session: Session, sides: _Sides, row: CashMove) -> None:
    nudge(session, branch_room(row.branch_id), "till")
    for till in sides.tills:
        nudge(session, user_room(till.teller_id), "till")


def _locked(session: Session, actor: Actor, move_id: UUID) -> tuple[CashMove, _Sides]:
    """The offer and both sides, locked in the order of the house."""
    seen = queries.get_move(session, actor, move_id)
    vault = None if seen.from_session_id and seen.to_session_id else vault_of(session, seen.branch_id)
    ids = tuple(one for one in (seen.from_session_id, seen.to_session_id) if one)
    locked = locks.acquire(
        session,
        [
            LockRequest(LockRank.TILL_SESSION, TillSession, ids),
            LockRequest(LockRank.CASH_MOVE, CashMove, (move_id,)),
        ],
    )
    giver = locked.one(TillSession, seen.from_session_id) if seen.from_session_id else None
    taker = locked.one(TillSession, seen.to_session_id) if seen.to_session_id else None
    return locked.one(CashMove, move_id), _Sides(vault, giver, taker)


def _require_taker(actor: Actor, row: CashMove, sides: _Sides) -> None:
    """The teller of the till that takes, or another custodian where it goes to the vault."""
    if row.offered_by == actor.user_id:
        raise OwnOffer
    if sides.taker is None:
        actor.require(TellerPermission.VAULT_OPERATE)
    elif sides.taker.teller_id != actor.user_id:
        raise NotPermitted


def take_cash(session: Session, actor: Actor, clock: Clock, move_id: UUID) -> None:
    """The other side has counted and takes the cash: it moves now. Taken twice by the same person it moves once.

    Raises OfferDecided, OwnOffer, NotPermitted, and what `offer_cash` raises about both sides.
    """
    row, sides = _locked(session, actor, move_id)
    if row.state == MoveState.TAKEN and row.decided_by == actor.user_id:
        return
    if row.state != MoveState.OFFERED:
        raise OfferDecided(state=row.state)
    _require_taker(actor, row, sides)
    amount = Money(row.amount_minor, CURRENCIES[row.currency])
    _check(sides, amount)
    _decide(actor, clock, row, MoveState.TAKEN)
    row.transaction_id = _move(session, actor, clock, sides, amount)
    _tell(session, sides, row)


def _move(session: Session, actor: Actor, clock: Clock, sides: _Sides, amount: Money) -> UUID:
    giver, taker, vault = sides.giver, sides.taker, sides.vault
    for till in sides.tills:
        till.balance_minor += amount.minor if till is taker else -amount.minor
    if giver is not None and taker is not None:
        legs = (till_leg("receiver", taker, debit=amount), till_leg("giver", giver, credit=amount))
        return move_cash(session, actor, clock, giver, "J-03", TransactionKind.TILL_TRANSFER, amount, legs).id
    assert vault is not None
    if taker is not None:
        vault.balance_minor -= amount.minor
        legs = (till_leg("till", taker, debit=amount), vault_leg("vault", vault, credit=amount))
        return move_cash(session, actor, clock, taker, "J-01", TransactionKind.FLOAT_ISSUE, amount, legs).id
    assert giver is not None
    vault.balance_minor += amount.minor
    legs = (vault_leg("vault", vault, debit=amount), till_leg("till", giver, credit=amount))
    return move_cash(session, actor, clock, giver, "J-02", TransactionKind.FLOAT_RETURN, amount, legs).id


def _decide(actor: Actor, clock: Clock, row: CashMove, state: MoveState) -> None:
    row.state, row.decided_by, row.decided_at = state, actor.user_id, clock.now()


def refuse_cash(session: Session, actor: Actor, clock: Clock, move_id: UUID, remark: str) -> None:
    """The other side has counted something else: nothing moves. Raises OfferDecided, OwnOffer, NotPermitted."""
    row, sides = _locked(session, actor, move_id)
    if row.state != MoveState.OFFERED:
        raise OfferDecided(state=row.state)
    _require_taker(actor, row, sides)
    _decide(actor, clock, row, MoveState.REFUSED)
    row.remark = remark
    _tell(session, sides, row)


def withdraw_cash(session: Session, actor: Actor, clock: Clock, move_id: UUID) -> None:
    """Who offered takes it back before the other side has decided. Raises OfferDecided, NotPermitted."""
    row, sides = _locked(session, actor, move_id)
    if row.state != MoveState.OFFERED:
        raise OfferDecided(state=row.state)
    if row.offered_by != actor.user_id:
        raise NotPermitted
    _decide(actor, clock, row, MoveState.WITHDRAWN)
    _tell(session, sides, row)
