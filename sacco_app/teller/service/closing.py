"""The evening of a till: blind count, difference, return to the vault (J-02, J-06, J-07)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import idempotency
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.money import Money
from sacco_app.kernel.nudges import branch_room, nudge, user_room
from sacco_app.ledger.types import Leg
from sacco_app.organisation import queries as organisation
from sacco_app.teller import queries, rules
from sacco_app.teller.errors import OffersOpen, TillNotOpen, WaitsOpen
from sacco_app.teller.models import TillSession, Vault
from sacco_app.teller.service.cash import WITHDRAW
from sacco_app.teller.service.posting import currency_of, locked_session, move_cash, till_leg, vault_leg, vault_of
from sacco_app.teller.types import CloseResult, CloseTill, TillState
from sacco_app.transactions.types import TransactionKind

CLOSE = "teller.close-difference"
TOLERANCE = "till.difference.tolerance"


def close_till(session: Session, actor: Actor, clock: Clock, command: CloseTill) -> CloseResult:
    """Close by a blind count. A difference above the tolerance waits for a second person.

    Raises TillNotOpen, WaitsOpen, OffersOpen.
    """
    claim = idempotency.claim(
        session,
        "teller.close",
        command.idempotency_key,
        command,
        result_ref=str(command.session_id),
        actor_id=actor.user_id,
    )
    till = queries.get_session(session, actor, command.session_id)
    if claim.replayed:
        shown = Money(till.difference_minor, currency_of(till)) if till.difference_minor is not None else None
        return CloseResult(shown if till.state == TillState.CLOSED else None)
    vault = vault_of(session, till.branch_id)
    till = locked_session(session, command.session_id)
    if till.state != TillState.OPENED or till.teller_id != actor.user_id:
        raise TillNotOpen
    if approval_queries.open_requests_of(session, actor.user_id, WITHDRAW):
        raise WaitsOpen
    if queries.open_moves_of(session, till.id):
        raise OffersOpen
    till.closing_counts = [list(pair) for pair in command.counts]
    till.counted_minor = rules.counted(command.counts)
    till.difference_minor = till.counted_minor - till.balance_minor
    difference = Money(till.difference_minor, currency_of(till))
    tolerance = int(organisation.parameter(session, TOLERANCE, till.business_date).number)
    if not rules.within_tolerance(difference, tolerance):
        till.state = TillState.COUNTING
        session.flush()
        approvals.submit(session, actor, clock, CLOSE, command, command.reason)
        return CloseResult(None)
    _finish(session, actor, clock, till, vault)
    return CloseResult(difference)


def _finish(session: Session, actor: Actor, clock: Clock, till: TillSession, vault: Vault) -> None:
    currency = currency_of(till)
    difference = Money(till.difference_minor or 0, currency)
    if difference.minor < 0:
        short = -difference
        legs = (Leg("shortage", debit=short, branch_id=till.branch_id), till_leg("till", till, credit=short))
        move_cash(session, actor, clock, till, "J-06", TransactionKind.TILL_SHORT, short, legs)
    elif difference:
        over_legs = (
            till_leg("till", till, debit=difference),
            Leg("overage", credit=difference, branch_id=till.branch_id),
        )
        move_cash(session, actor, clock, till, "J-07", TransactionKind.TILL_OVER, difference, over_legs)
    returned = Money(till.counted_minor or 0, currency)
    if returned:
        back = (vault_leg("vault", vault, debit=returned), till_leg("till", till, credit=returned))
        move_cash(session, actor, clock, till, "J-02", TransactionKind.FLOAT_RETURN, returned, back)
    vault.balance_minor += returned.minor
    till.balance_minor = 0
    till.state, till.closed_at = TillState.CLOSED, clock.now()
    nudge(session, branch_room(till.branch_id), "till")
    nudge(session, user_room(till.teller_id), "till")


def describe_difference(session: Session, command: CloseTill) -> Description:
    """What the approver of a difference is shown: book, count and difference. The summary, which the teller reads, has none."""
    till = session.get_one(TillSession, command.session_id)
    currency = currency_of(till)
    difference = Money(till.difference_minor or 0, currency)
    effects = (
        ("Till", till.till_code),
        ("Teller", access.get_user(session, till.teller_id).name),
        ("Book", str(Money(till.balance_minor, currency))),
        ("Counted", str(Money(till.counted_minor or 0, currency))),
        ("Difference", str(difference)),
        ("Teller's words", command.reason),
    )
    summary = f"Close till {till.till_code} with a difference"
    absolute = Money(abs(difference.minor), currency)
    return Description(summary, till.branch_id, absolute, effects, None, frozenset({till.teller_id}))


def execute_close(session: Session, actor: Actor, clock: Clock, command: CloseTill, request_id: UUID) -> str:
    """The manager has counted again: post the difference and close."""
    found = session.get_one(TillSession, command.session_id)
    vault = vault_of(session, found.branch_id)
    _finish(session, actor, clock, locked_session(session, command.session_id), vault)
    return "/teller/tills"


def reopen_after_refusal(session: Session, actor: Actor, clock: Clock, command: CloseTill, request_id: UUID) -> None:
    """The count was not believed: the till is open again, to be counted anew."""
    till = locked_session(session, command.session_id)
    till.state = TillState.OPENED
    till.closing_counts = till.counted_minor = till.difference_minor = None
