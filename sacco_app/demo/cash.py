"""Cash between vault and till in the middle of the day: what is too much goes back, what is short is topped up."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.teller import queries, service
from sacco_app.teller.types import Counts, MoveKind, OfferCash

if TYPE_CHECKING:
    from sacco_app.demo.business import Counter
    from sacco_app.demo.load import History

ENOUGH = 2_200_000  # in UGX, in a till at noon
MOVED: Counts = ((50_000, 8), (10_000, 10))


def at_noon(history: History, counter: Counter, key: str) -> None:
    """One counts and offers, the other counts again and takes."""
    session_id, held = history.do(counter.teller, till_and_cash, 0)
    if held > ENOUGH:
        giver, taker, kind, command = counter.teller, counter.custodian, MoveKind.RETURN, OfferCash(None, MOVED, key)
    else:
        giver, taker, kind = counter.custodian, counter.teller, MoveKind.TOP_UP
        command = OfferCash(session_id, MOVED, key)
    offered = history.do(giver, lambda s, actor, clock: service.offer_cash(s, actor, clock, command, kind))
    history.do(taker, lambda s, actor, clock: service.take_cash(s, actor, clock, offered))


def till_and_cash(session: Session, actor: Actor, _clock: Clock) -> tuple[UUID, int]:
    """The teller's open till, and what it holds by the book in the smallest unit."""
    live = queries.live_session_of(session, actor.user_id)
    assert live is not None
    return live.id, live.balance_minor
