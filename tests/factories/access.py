"""Staff for tests."""

from __future__ import annotations

from uuid import UUID

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from sacco_app.access import queries, service
from sacco_app.access.types import CreateUser, UserFacts
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import FixedClock
from sacco_app.kernel.uow import transaction
from sacco_app.organisation.queries import list_branches

PASSWORD = "four quiet herons"


def make_user(
    session: Session,
    clock: FixedClock,
    role: str,
    branch_id: UUID | None = None,
    email: str | None = None,
    *,
    all_branches: bool = False,
) -> UserFacts:
    """A member of staff with one role in a branch (the head office unless another is named)."""
    branch = branch_id or list_branches(session)[0].id
    address = email or f"{role.replace('_', '.')}@umoja.example"
    with transaction(Actor.system(), clock) as inner:
        command = CreateUser(address, role.replace("_", " ").title(), (role,), branch, all_branches, PASSWORD)
        user_id = service.create_user(inner, Actor.system(), clock, command)
    return queries.get_user(session, user_id)


def make_user_everywhere(session: Session, clock: FixedClock, role: str) -> UserFacts:
    """A member of staff with one role who sees every branch."""
    return make_user(session, clock, role, email=f"{role}.everywhere@umoja.example", all_branches=True)


def link_member(session: Session, user: UserFacts, member_id: UUID) -> Actor:
    """Staff who are a member too: the actor from now on."""
    session.execute(text("UPDATE users SET member_id = :member WHERE id = :id"), {"member": member_id, "id": user.id})
    session.expire_all()
    return actor_for(session, user)


def actor_for(session: Session, user: UserFacts) -> Actor:
    return queries.actor_of(session, user.id, ip="192.0.2.7")


def enrol(session: Session, clock: FixedClock, user: UserFacts) -> str:
    """Set up the second factor; returns the secret."""
    actor = actor_for(session, user)
    with transaction(actor, clock) as inner:
        secret = service.new_secret()
        service.confirm_totp(inner, actor, clock, secret, pyotp.TOTP(secret).at(clock.now()))
    session.execute(text("UPDATE users SET totp_last_step = NULL WHERE id = :id"), {"id": user.id})
    session.expire_all()
    return secret


def sign_in(client: FlaskClient, session: Session, clock: FixedClock, user: UserFacts) -> FlaskClient:
    """Sign the browser in as the user, with the second factor where the role demands one."""
    secret = enrol(session, clock, user) if queries.needs_totp(session, user.id) else None
    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    if secret:
        answer = client.post("/sign-in/code", data={"code": pyotp.TOTP(secret).at(clock.now())})
        assert answer.status_code == 303, answer.text
    return client


__all__ = ["PASSWORD", "actor_for", "enrol", "link_member", "make_user", "make_user_everywhere", "sign_in"]
