"""Passwords, and the links with which they are set."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sacco_app.access import rules
from sacco_app.access.errors import LinkUnknown, PasswordTooWeak, PasswordWrong
from sacco_app.access.models import PasswordReset, StaffSession, User
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock

hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)  # OWASP's second choice for argon2id
LINK_LIFE = timedelta(hours=24)
_NOBODY = hasher.hash(secrets.token_hex(8))


def token_hash(token: str) -> str:
    """What is stored of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def verify_password(stored: str | None, password: str) -> bool:
    """True when the password fits. Takes as long for a user who does not exist."""
    try:
        return hasher.verify(stored or _NOBODY, password) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False


def refresh_hash(user: User, password: str) -> None:
    """Hash anew what was hashed with older settings, now that the password is known."""
    if user.password_hash and hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hasher.hash(password)


def set_password(user: User, password: str) -> None:
    """Raises PasswordTooWeak."""
    weakness = rules.password_weakness(password, user.email, user.name)
    if weakness:
        raise PasswordTooWeak(why=weakness)
    user.password_hash = hasher.hash(password)
    user.must_change_password = False


def end_all_sessions(session: Session, clock: Clock, user_id: UUID, keep: UUID | None = None) -> None:
    """End every open session of a user, except one."""
    query = update(StaffSession).where(StaffSession.user_id == user_id, StaffSession.ended_at.is_(None))
    if keep is not None:
        query = query.where(StaffSession.id != keep)
    session.execute(query.values(ended_at=clock.now()))


def void_links(session: Session, clock: Clock, user_id: UUID) -> None:
    """No link that was handed out before works any more."""
    query = update(PasswordReset).where(PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None))
    session.execute(query.values(used_at=clock.now()))


def change_password(session: Session, actor: Actor, clock: Clock, present: str, wanted: str) -> None:
    """Change one's own password; other sessions and open links end. Raises PasswordWrong, PasswordTooWeak."""
    user = session.get_one(User, actor.user_id, with_for_update=True)
    if not verify_password(user.password_hash, present):
        raise PasswordWrong
    set_password(user, wanted)
    void_links(session, clock, user.id)
    end_all_sessions(session, clock, user.id, keep=actor.session_id)


def set_password_by_link(session: Session, actor: Actor, clock: Clock, token: str, wanted: str) -> None:
    """Set a password with a link. Raises LinkUnknown, PasswordTooWeak."""
    query = select(PasswordReset).where(PasswordReset.token_hash == token_hash(token)).with_for_update()
    link = session.scalars(query).first()
    if link is None or link.used_at is not None or link.expires_at < clock.now():
        raise LinkUnknown
    user = session.get_one(User, link.user_id, with_for_update=True)
    set_password(user, wanted)
    user.failed_attempts, user.locked_until = 0, None
    void_links(session, clock, user.id)
    end_all_sessions(session, clock, user.id)
