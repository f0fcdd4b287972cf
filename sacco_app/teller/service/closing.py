"""The evening of a till: two blind counts, difference, return to the vault (J-02, J-06, J-07)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import idempotency
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import Money
from sacco_app.kernel.nudges import branch_room, nudge, user_room
from sacco_app.teller import queries, rules
from sacco_app.teller.errors import (
    CountOpen,
    DifferenceTooLarge,
    NotHandedIn,
    OffersOpen,
    RecountNeeded,
    TillNotOpen,
    WaitsOpen,
)
from sacco_app.teller.models import TillSession, Vault
from sacco_app.teller.service.cash import WITHDRAW
from sacco_app.teller.service.differences import book_difference, tolerated
from sacco_app.teller.service.posting import currency_of, locked_session, move_cash, till_leg, vault_leg, vault_of
from sacco_app.teller.types import CloseTill, CountState, ReceiveTill, TellerPermission, TillState
from sacco_app.transactions.types import TransactionKind

CLOSE = "teller.close-difference"


def close_till(session: Session, actor: Actor, clock: Clock, command: CloseTill) -> UUID:
    """Hand the till in with a blind count: a custodian counts too before the cash is the vault's.

    Returns the request's id. Raises TillNotOpen, WaitsOpen, OffersOpen, CountOpen.
    """
    request_id = new_id()
    claim = idempotency.claim(
        session,
        "teller.close",
        command.idempotency_key,
        command,
        result_ref=str(request_id),
        actor_id=actor.user_id,
    )
    if claim.replayed:
        return UUID(claim.result_ref)
    queries.get_session(session, actor, command.session_id)
    till = locked_session(session, command.session_id)
    if till.state != TillState.OPENED or till.teller_id != actor.user_id:
        raise TillNotOpen
    if approval_queries.open_requests_of(session, actor.user_id, WITHDRAW):
        raise WaitsOpen
    if queries.open_moves_of(session, till.id):
        raise OffersOpen
    if any(count.state == CountState.WAITING for count in queries.counts_of_till(session, till.id)):
        raise CountOpen
    till.closing_counts = [list(pair) for pair in command.counts]
    till.counted_minor = rules.counted(command.counts)
    till.state, till.sent_back = TillState.COUNTING, ""
    session.flush()
    nudge(session, branch_room(till.branch_id), "till")
    return approvals.submit(session, actor, clock, CLOSE, command, command.reason, request_id=request_id)


def receive_till(session: Session, actor: Actor, clock: Clock, command: ReceiveTill) -> Money:
    """The custodian has counted the till that was handed in: by this count it is closed. Returns count less book.

    Raises NotHandedIn, DifferenceTooLarge, MakerIsChecker, NotPermitted, NotFound.
    """
    till = queries.get_session(session, actor, command.session_id)
    claim = idempotency.claim(
        session,
        "teller.receive",
        command.idempotency_key,
        command,
        result_ref=str(command.session_id),
        actor_id=actor.user_id,
    )
    if claim.replayed and till.difference_minor is not None:
        return Money(till.difference_minor, currency_of(till))
    asked = handed_in(session, till)
    session.refresh(asked, with_for_update=True)
    vault_of(session, till.branch_id)
    till = locked_session(session, command.session_id)
    if till.state != TillState.COUNTING:
        raise NotHandedIn
    till.recounts = [list(pair) for pair in command.counts]
    till.recounted_minor = rules.counted(command.counts)
    till.received_by = actor.user_id
    till.difference_minor = till.recounted_minor - till.balance_minor
    difference = Money(till.difference_minor, currency_of(till))
    if not tolerated(session, till, difference) and not actor.may(TellerPermission.DIFFERENCE_APPROVE):
        raise DifferenceTooLarge
    session.flush()
    approvals.approve(session, actor, clock, asked.id, command.remark)
    return difference


def handed_in(session: Session, till: TillSession) -> Any:
    """The request by which the till waits for a custodian. Raises NotHandedIn."""
    found = approval_queries.waiting_for(session, receive_url(till.id))
    if not found:
        raise NotHandedIn
    return found[0]


def receive_url(session_id: UUID) -> str:
    """Where a custodian counts a till that was handed in."""
    return f"/teller/sessions/{session_id}/receive"


def _finish(session: Session, actor: Actor, clock: Clock, till: TillSession, vault: Vault) -> None:
    currency = currency_of(till)
    book_difference(session, actor, clock, till, Money(till.difference_minor or 0, currency))
    returned = Money(till.recounted_minor or 0, currency)
    if returned:
        back = (vault_leg("vault", vault, debit=returned), till_leg("till", till, credit=returned))
        move_cash(session, actor, clock, till, "J-02", TransactionKind.FLOAT_RETURN, returned, back)
    vault.balance_minor += returned.minor
    till.balance_minor = 0
    till.state, till.closed_at = TillState.CLOSED, clock.now()
    nudge(session, branch_room(till.branch_id), "till")
    nudge(session, user_room(till.teller_id), "till")


def describe_difference(session: Session, command: CloseTill) -> Description:
    """What the custodian is told before the own count: no figure, neither of the book nor of the teller."""
    till = session.get_one(TillSession, command.session_id)
    teller = access.get_user(session, till.teller_id).name
    effects = (
        ("Till", till.till_code),
        ("Teller", teller),
        ("Count", "You count the cash too; the figures are shown afterwards"),
        *((("Teller's words", command.reason),) if command.reason else ()),
    )
    summary = f"Count till {till.till_code} of {teller} and take its cash over"
    return Description(summary, till.branch_id, None, effects, receive_url(till.id), frozenset({till.teller_id}))


def execute_close(session: Session, actor: Actor, clock: Clock, command: CloseTill, request_id: UUID) -> str:
    """Close by the custodian's count: the difference and the return are posted. Raises RecountNeeded without one."""
    found = session.get_one(TillSession, command.session_id)
    if found.recounted_minor is None or found.received_by != actor.user_id:
        raise RecountNeeded
    vault = vault_of(session, found.branch_id)
    _finish(session, actor, clock, locked_session(session, command.session_id), vault)
    return f"/teller/sessions/{found.id}"


def reopen_after_refusal(session: Session, actor: Actor, clock: Clock, command: CloseTill, request_id: UUID) -> None:
    """The till is not taken over: it is open again, and its teller reads why."""
    till = locked_session(session, command.session_id)
    till.state = TillState.OPENED
    till.closing_counts = till.counted_minor = till.difference_minor = None
    till.sent_back = next(
        one.reason for one in approval_queries.decisions(session, request_id) if one.decision == "reject"
    )
    nudge(session, user_room(till.teller_id), "till")
