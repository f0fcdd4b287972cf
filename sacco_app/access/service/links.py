"""What an administrator does for somebody who cannot get in: a link for a new password, a new telephone."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access.errors import OwnRights
from sacco_app.access.models import PasswordReset
from sacco_app.access.service.passwords import LINK_LIFE, end_all_sessions, token_hash, void_links
from sacco_app.access.service.users import load_user
from sacco_app.access.types import AccessPermission
from sacco_app.kernel import audit
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock


def issue_reset_link(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> str:
    """A token with which the user sets a password within 24 hours; shown once, stored as a hash. Older ones end."""
    actor.require(AccessPermission.USER_EDIT)
    user = load_user(session, actor, user_id)
    void_links(session, clock, user.id)
    token = secrets.token_urlsafe(32)
    session.add(PasswordReset(user_id=user.id, token_hash=token_hash(token), expires_at=clock.now() + LINK_LIFE))
    audit.record(session, "users.reset_link_issued", ("users", user.id))
    return token


def reset_totp(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> None:
    """Let a user enrol a new telephone; nobody does this for themselves (OwnRights). Open sessions end."""
    actor.require(AccessPermission.USER_EDIT)
    if user_id == actor.user_id:
        raise OwnRights
    user = load_user(session, actor, user_id)
    user.totp_secret, user.totp_confirmed, user.totp_last_step = None, False, None
    end_all_sessions(session, clock, user.id)
