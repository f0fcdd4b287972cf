"""The second person, for tests."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from sacco_app.access import queries
from sacco_app.approvals import service
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import FixedClock
from sacco_app.kernel.uow import transaction
from tests.factories.access import actor_for, make_user_everywhere


def second_person(session: Session, clock: FixedClock, role: str) -> Actor:
    """Somebody of the role who sees every branch, the same one each time."""
    found = queries.find_by_email(session, f"{role}.everywhere@umoja.example")
    return actor_for(session, found or make_user_everywhere(session, clock, role))


def waiting(session: Session) -> UUID:
    """The one request that waits."""
    return session.execute(text("SELECT id FROM approval_requests WHERE status = 'pending'")).scalar_one()


def approve(session: Session, clock: FixedClock, actor: Actor) -> None:
    """This person says yes to the one request that waits."""
    request_id = waiting(session)
    with transaction(actor, clock) as inner:
        service.approve(inner, actor, clock, request_id)
    session.expire_all()


__all__ = ["approve", "second_person", "waiting"]
