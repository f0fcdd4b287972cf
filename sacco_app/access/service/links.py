"""What an administrator does for somebody who cannot get in: a link for a new password, a new telephone."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access.events import ResetRequested
from sacco_app.access.models import PasswordReset, User
from sacco_app.access.service.passwords import LINK_LIFE, end_all_sessions, token_hash, void_links
from sacco_app.access.service.users import load_user, require_other
from sacco_app.access.types import AccessPermission
from sacco_app.kernel import audit, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock


def issue_reset_link(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> str:
    """A token with which the user sets a password within 24 hours; shown or sent once, stored as a hash. Older ones end.

    Called by an administrator's page, and as the system by whoever sends the message of `access.reset_requested`.
    """
    actor.require(AccessPermission.USER_EDIT)
    user = load_user(session, actor, user_id)
    void_links(session, clock, user.id)
    token = secrets.token_urlsafe(32)
    session.add(PasswordReset(user_id=user.id, token_hash=token_hash(token), expires_at=clock.now() + LINK_LIFE))
    audit.record(session, "users.reset_link_issued", ("users", user.id))
    return token


def request_reset(session: Session, actor: Actor, clock: Clock, email: str, ip: str) -> None:
    """Somebody at the door says that they forgot. The link is made when the message is, so that no token is stored."""
    query = select(User).where(User.email == email.strip().lower()[:120], User.is_active, User.is_technical.is_(False))
    user = session.scalars(query).first()
    if user is None:
        return
    audit.record(session, "users.reset_requested", ("users", user.id), after={"ip": ip})
    outbox.record(session, ResetRequested(user.id, user.email, ip, clock.now()))


def reset_totp(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> None:
    """Let a user enrol a new telephone; nobody does this for themselves (OwnRights). Open sessions end."""
    actor.require(AccessPermission.USER_APPROVE)
    require_other(actor, user_id)
    user = load_user(session, actor, user_id)
    user.totp_secret, user.totp_confirmed, user.totp_last_step = None, False, None
    end_all_sessions(session, clock, user.id)
