"""The surprise count: a supervisor stops an open till and counts it blind (handbook 6)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import idempotency
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.kernel.nudges import branch_room, nudge, user_room
from sacco_app.teller import queries, rules
from sacco_app.teller.errors import OwnTill, TillNotOpen, TillNotStopped
from sacco_app.teller.models import CashCount, TillSession
from sacco_app.teller.service.counting import count_effects, locked_count
from sacco_app.teller.service.differences import as_stored, book_difference, tolerated
from sacco_app.teller.service.posting import currency_of, locked_session
from sacco_app.teller.types import CountState, CountTill, SignCount, TellerPermission, TillState

COUNT_TILL = "teller.count-till"


def count_till(session: Session, actor: Actor, clock: Clock, command: CountTill) -> UUID:
    """Write down what is in a till that a supervisor has stopped, against the book at this moment.

    Within the tolerance it is recorded only: the close books what is left of it. Beyond, it waits for another person.
    Returns the count's id. Raises OwnTill, TillNotStopped, NotFound, and CountWaits (at the flush).
    """
    actor.require(TellerPermission.TILL_ASSIGN)
    till = queries.get_session(session, actor, command.session_id)
    count_id = new_id()
    claim = idempotency.claim(
        session, COUNT_TILL, command.idempotency_key, command, result_ref=str(count_id), actor_id=actor.user_id
    )
    if claim.replayed:
        return UUID(claim.result_ref)
    if till.teller_id == actor.user_id:
        raise OwnTill
    till = locked_session(session, command.session_id)
    if not queries.stands_still(till):
        raise TillNotStopped
    counted = rules.counted(command.counts)
    agrees = tolerated(session, till, Money(counted - till.balance_minor, currency_of(till)))
    row = CashCount(
        id=count_id,
        session_id=till.id,
        branch_id=till.branch_id,
        business_date=till.business_date,
        currency=till.currency,
        state=CountState.RECORDED if agrees else CountState.WAITING,
        counts=as_stored(command.counts),
        counted_minor=counted,
        book_minor=till.balance_minor,
        remark=command.remark,
        counted_by=actor.user_id,
        counted_at=clock.now(),
    )
    session.add(row)
    session.flush()
    nudge(session, branch_room(till.branch_id), "till")
    if not agrees:
        approvals.submit(session, actor, clock, COUNT_TILL, SignCount(count_id), command.remark)
    return count_id


def describe_till_count(session: Session, command: SignCount) -> Description:
    """What is told to who agrees to the difference. The till's teller does not agree to it."""
    row = session.get_one(CashCount, command.count_id)
    till = session.get_one(TillSession, row.session_id)
    currency = CURRENCIES[row.currency]
    difference = Money(row.counted_minor - row.book_minor, currency)
    teller = access.get_user(session, till.teller_id).name
    effects = (("Till", till.till_code), ("Teller", teller), *count_effects(session, row))
    amount, word = Money(abs(difference.minor), currency), "over" if difference.minor > 0 else "short"
    summary = f"Book {amount} {word} at till {till.till_code}, counted by surprise"
    return Description(summary, row.branch_id, amount, effects, f"/teller/counts/{row.id}", frozenset({till.teller_id}))


def sign_till_count(session: Session, actor: Actor, clock: Clock, command: SignCount, request_id: UUID) -> str:
    """The difference is booked at the till (J-06, J-07), whatever has moved since. Raises TillNotOpen, TillShortOfCash."""
    seen = session.get_one(CashCount, command.count_id)
    assert seen.session_id
    till = locked_session(session, seen.session_id)
    row = locked_count(session, command.count_id)
    if till.state not in (TillState.OPENED, TillState.SUSPENDED):
        raise TillNotOpen
    row.state, row.signed_by, row.signed_at = CountState.SIGNED, actor.user_id, clock.now()
    difference = Money(row.counted_minor - row.book_minor, currency_of(till))
    row.transaction_id = book_difference(session, actor, clock, till, difference)
    nudge(session, user_room(till.teller_id), "till")
    return f"/teller/counts/{row.id}"
