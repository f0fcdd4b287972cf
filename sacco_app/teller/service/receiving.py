"""The custodian's blind count of a till that was handed in: it closes by what two people have counted, each for themselves."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.errors import MakerIsChecker
from sacco_app.approvals.types import ApprovalStatus
from sacco_app.kernel import idempotency
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import RuleViolation
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import Money
from sacco_app.kernel.nudges import branch_room, nudge
from sacco_app.teller import queries, rules
from sacco_app.teller.errors import CountedBefore, CountsDiffer, DifferenceTooLarge, NotHandedIn, RecountNeeded
from sacco_app.teller.models import CashCount, TillSession
from sacco_app.teller.service.closing import handed_in
from sacco_app.teller.service.differences import as_stored, tolerated
from sacco_app.teller.service.posting import currency_of, locked_session, vault_of
from sacco_app.teller.types import (
    CloseTill,
    CountOutcome,
    CountState,
    Received,
    ReceiveTill,
    Standing,
    TellerPermission,
    TillState,
)


def receive_till(session: Session, actor: Actor, clock: Clock, command: ReceiveTill) -> Received:
    """Write the custodian's count down; it agrees to the hand-in where it may (`check_own_count`), else it is kept.

    A custodian counts a hand-in once. Raises NotHandedIn, CountedBefore, MakerIsChecker, NotPermitted, NotFound.
    """
    actor.require(TellerPermission.VAULT_APPROVE)
    till = queries.get_session(session, actor, command.session_id)
    claim = idempotency.claim(
        session,
        "teller.receive",
        command.idempotency_key,
        command,
        result_ref=str(command.session_id),
        actor_id=actor.user_id,
    )
    if claim.replayed:
        return _standing(session, actor, till)
    asked = handed_in(session, till)
    session.refresh(asked, with_for_update=True)
    vault_of(session, till.branch_id)
    till = locked_session(session, command.session_id)
    if till.state != TillState.COUNTING or asked.status != ApprovalStatus.PENDING:
        raise NotHandedIn
    if till.teller_id == actor.user_id:
        raise MakerIsChecker
    if own_count(session, actor, asked.id):
        raise CountedBefore
    session.add(_count_of(till, actor, clock, command, asked.id))
    session.flush()
    nudge(session, branch_room(till.branch_id), "till")
    if _objection(session, actor, till, asked.id):
        return Received(CountOutcome.KEPT)
    approvals.approve(session, actor, clock, asked.id, command.remark)
    return _standing(session, actor, till)


def _count_of(till: TillSession, actor: Actor, clock: Clock, command: ReceiveTill, request_id: UUID) -> CashCount:
    return CashCount(
        id=new_id(),
        session_id=till.id,
        branch_id=till.branch_id,
        business_date=till.business_date,
        currency=till.currency,
        state=CountState.RECORDED,
        counts=as_stored(command.counts),
        counted_minor=rules.counted(command.counts),
        book_minor=till.balance_minor,
        remark=command.remark,
        counted_by=actor.user_id,
        counted_at=clock.now(),
        request_id=request_id,
    )


def _standing(session: Session, actor: Actor, till: TillSession) -> Received:
    """What has come of the actor's count by now; the difference is told when the till is closed."""
    if till.state == TillState.CLOSED:
        return Received(CountOutcome.CLOSED, Money(till.difference_minor or 0, currency_of(till)))
    if till.state == TillState.COUNTING and actor.user_id in _agreed(session, handed_in(session, till).id):
        return Received(CountOutcome.AGREED)
    return Received(CountOutcome.KEPT)


def own_count(session: Session, actor: Actor, request_id: UUID) -> CashCount | None:
    """The actor's count of a till since it was handed in by this request."""
    counts = queries.counts_of_hand_in(session, request_id)
    return next((row for row in counts if row.counted_by == actor.user_id), None)


def is_disputed(session: Session, till: TillSession, request_id: UUID) -> bool:
    """Whether a custodian has counted otherwise than the teller who handed the till in."""
    return any(row.counted_minor != till.counted_minor for row in queries.counts_of_hand_in(session, request_id))


def standing(session: Session, actor: Actor, till: TillSession) -> Standing:
    """Where the actor stands to a till that was handed in, for its page: it tells no figure. Raises NotHandedIn."""
    request_id = handed_in(session, till).id
    if till.teller_id == actor.user_id:
        return Standing.OWN
    if own_count(session, actor, request_id):
        return Standing.AGREED if actor.user_id in _agreed(session, request_id) else Standing.KEPT
    if not is_disputed(session, till, request_id):
        return Standing.COUNTS
    return Standing.DECIDES if actor.may(TellerPermission.DIFFERENCE_APPROVE) else Standing.DISPUTED


def check_own_count(session: Session, actor: Actor, clock: Clock, command: CloseTill, request_id: UUID) -> None:
    """Whoever agrees to a hand-in has counted this one, and the same as another person.

    Where a custodian and the teller differ, or all of them and the book by more than the tolerance, it takes the right
    to approve differences. Raises RecountNeeded, CountsDiffer, DifferenceTooLarge.
    """
    till = session.get_one(TillSession, command.session_id)
    objection = _objection(session, actor, till, request_id)
    if objection is not None:
        raise objection


def _objection(session: Session, actor: Actor, till: TillSession, request_id: UUID) -> RuleViolation | None:
    """Why the actor's count does not agree to the hand-in; None where it does."""
    mine = own_count(session, actor, request_id)
    if mine is None:
        return RecountNeeded()
    agreed = _agreed(session, request_id)
    others = {
        row.counted_by: row.counted_minor
        for row in queries.counts_of_hand_in(session, request_id)
        if row.counted_by != actor.user_id
    }
    said = [minor for who, minor in others.items() if who in agreed]
    if not rules.agreed_by_two(mine.counted_minor, till.counted_minor or 0, others.values(), said):
        return CountsDiffer()
    difference = Money(mine.counted_minor - mine.book_minor, currency_of(till))
    easy = tolerated(session, till, difference) and not is_disputed(session, till, request_id)
    if not easy and not actor.may(TellerPermission.DIFFERENCE_APPROVE):
        return DifferenceTooLarge()
    return None


def _agreed(session: Session, request_id: UUID) -> set[UUID]:
    """Who has agreed to the hand-in so far."""
    decided = approval_queries.decisions(session, request_id)
    return {one.checker_id for one in decided if one.decision == "approve"}
