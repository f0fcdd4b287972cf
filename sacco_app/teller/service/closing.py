"""The evening of a till: two blind counts, difference, return to the vault (J-02, J-06, J-07)."""

from __future__ import annotations

from collections.abc import Sequence
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
    CountOutdated,
    CountsDiffer,
    NotHandedIn,
    OffersOpen,
    RecountNeeded,
    TillNotOpen,
    WaitsOpen,
)
from sacco_app.teller.models import CashCount, TillSession, Vault
from sacco_app.teller.service.cash import WITHDRAW
from sacco_app.teller.service.differences import as_stored, book_difference
from sacco_app.teller.service.posting import currency_of, locked_session, move_cash, till_leg, vault_leg, vault_of
from sacco_app.teller.types import CloseTill, CountState, TillState
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
    _forget_counts(till)
    till.closing_counts, till.counted_minor = as_stored(command.counts), rules.counted(command.counts)
    till.state, till.sent_back = TillState.COUNTING, ""
    session.flush()
    nudge(session, branch_room(till.branch_id), "till")
    return approvals.submit(session, actor, clock, CLOSE, command, command.reason, request_id=request_id)


def handed_in(session: Session, till: TillSession) -> Any:
    """The request by which the till waits for a custodian. Raises NotHandedIn."""
    found = approval_queries.waiting_for(session, receive_url(till.id))
    if not found:
        raise NotHandedIn
    return found[0]


def receive_url(session_id: UUID) -> str:
    """Where a custodian counts a till that was handed in."""
    return f"/teller/sessions/{session_id}/receive"


def _forget_counts(till: TillSession) -> None:
    """Nothing that was counted before holds for what is handed in, or lies in the drawer, now."""
    till.closing_counts = till.counted_minor = till.difference_minor = None
    till.recounts = till.recounted_minor = till.received_by = None


def _finish(session: Session, actor: Actor, clock: Clock, till: TillSession, vault: Vault, count: CashCount) -> None:
    """Book the difference, return the cash to the vault. Raises CountOutdated unless book and difference make the count."""
    currency = currency_of(till)
    difference = Money(count.counted_minor - count.book_minor, currency)
    if till.balance_minor + difference.minor != count.counted_minor:
        raise CountOutdated
    till.recounts, till.recounted_minor, till.received_by = count.counts, count.counted_minor, actor.user_id
    till.difference_minor = difference.minor
    count.state, count.signed_at = CountState.SIGNED, clock.now()
    count.transaction_id = book_difference(session, actor, clock, till, difference)
    returned = Money(count.counted_minor, currency)
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
        ("Count", "You count the cash too; the figures are shown when it is closed"),
        *((("Teller's words", command.reason),) if command.reason else ()),
    )
    summary = f"Count till {till.till_code} of {teller} and take its cash over"
    return Description(summary, till.branch_id, None, effects, receive_url(till.id), frozenset({till.teller_id}))


def execute_close(session: Session, actor: Actor, clock: Clock, command: CloseTill, request_id: UUID) -> str:
    """Close by the count of the custodian who agreed last: the difference and the return are posted.

    Raises RecountNeeded unless everybody who agreed has counted this hand-in, and CountsDiffer unless all the same.
    """
    found = session.get_one(TillSession, command.session_id)
    vault = vault_of(session, found.branch_id)
    till = locked_session(session, command.session_id)
    counts = {row.counted_by: row for row in queries.counts_of_hand_in(session, request_id)}
    agreed = {one.checker_id for one in approval_queries.decisions(session, request_id) if one.decision == "approve"}
    if till.state != TillState.COUNTING or not agreed | {actor.user_id} <= counts.keys():
        raise RecountNeeded
    if len({counts[one].counted_minor for one in agreed}) > 1:
        raise CountsDiffer
    count = counts[actor.user_id]
    count.signed_by = _who_agrees(till, count, list(counts.values()))
    _finish(session, actor, clock, till, vault, count)
    return f"/teller/sessions/{till.id}"


def _who_agrees(till: TillSession, count: CashCount, counts: Sequence[CashCount]) -> UUID:
    """Who has counted the same as this custodian: the teller, or another custodian. Raises CountsDiffer for nobody."""
    if count.counted_minor == till.counted_minor:
        return till.teller_id
    for other in counts:
        if other is not count and other.counted_minor == count.counted_minor:
            return other.counted_by
    raise CountsDiffer


def reopen_after_refusal(session: Session, actor: Actor, clock: Clock, command: CloseTill, request_id: UUID) -> None:
    """The till is not taken over: it is open again, its teller reads why, and what was counted holds no more."""
    till = locked_session(session, command.session_id)
    till.state = TillState.OPENED
    _forget_counts(till)
    for count in queries.counts_of_hand_in(session, request_id):
        count.state = CountState.REFUSED
    till.sent_back = next(
        one.reason for one in approval_queries.decisions(session, request_id) if one.decision == "reject"
    )
    nudge(session, user_room(till.teller_id), "till")
