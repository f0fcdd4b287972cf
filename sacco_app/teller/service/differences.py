"""A count of a till that differs from the book: short or over (J-06, J-07), and how much needs no second person."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.money import Money
from sacco_app.ledger.types import Leg
from sacco_app.organisation import queries as organisation
from sacco_app.teller import rules
from sacco_app.teller.errors import TillShortOfCash
from sacco_app.teller.models import TillSession
from sacco_app.teller.service.posting import move_cash, till_leg
from sacco_app.teller.types import Counts
from sacco_app.transactions.types import TransactionKind

TOLERANCE = "till.difference.tolerance"


def tolerated(session: Session, till: TillSession, difference: Money) -> bool:
    """Whether a till may be this much over or short without a second person (handbook 6)."""
    tolerance = int(organisation.parameter(session, TOLERANCE, till.business_date).number)
    return rules.within_tolerance(difference, tolerance)


def as_stored(counts: Counts) -> list[list[int]]:
    """A count as its row keeps it."""
    return [list(pair) for pair in counts]


def book_difference(session: Session, actor: Actor, clock: Clock, till: TillSession, difference: Money) -> UUID | None:
    """Post what the till is short or over and put its cash right. Returns the transaction's id; None for nothing.

    Raises TillShortOfCash when less is in the book now than was missing.
    """
    if not difference:
        return None
    amount, branch = abs(difference.minor), till.branch_id
    whole = Money(amount, difference.currency)
    if difference.minor < 0:
        if till.balance_minor < amount:
            raise TillShortOfCash(amount=whole)
        event, kind = "J-06", TransactionKind.TILL_SHORT
        legs = (Leg("shortage", debit=whole, branch_id=branch), till_leg("till", till, credit=whole))
    else:
        event, kind = "J-07", TransactionKind.TILL_OVER
        legs = (till_leg("till", till, debit=whole), Leg("overage", credit=whole, branch_id=branch))
    till.balance_minor += difference.minor
    return move_cash(session, actor, clock, till, event, kind, whole, legs).id
