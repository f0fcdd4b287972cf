"""Users and their passwords."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from sacco_app.access import rules
from sacco_app.access.errors import EmailTaken, LinkUnknown, OwnRights, PasswordTooWeak, PasswordWrong, RoleUnknown
from sacco_app.access.models import PasswordReset, Role, StaffSession, User, UserRole
from sacco_app.access.types import AccessPermission, CreateUser, UpdateUser
from sacco_app.kernel import audit
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id

hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
LINK_LIFE = timedelta(hours=24)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def verify_password(stored: str | None, password: str) -> bool:
    """True when the password fits. Takes as long for a user who does not exist."""
    try:
        return hasher.verify(stored or _NOBODY, password)
    except Argon2Error:
        return False


_NOBODY = hasher.hash(secrets.token_hex(8))


def _set_password(user: User, password: str) -> None:
    weakness = rules.password_weakness(password, user.email, user.name)
    if weakness:
        raise PasswordTooWeak(why=weakness)
    user.password_hash = hasher.hash(password)
    user.must_change_password = False


def _set_roles(session: Session, user_id: UUID, codes: tuple[str, ...]) -> None:
    roles = {role.code: role.id for role in session.scalars(select(Role))}
    present = {row.role_id: row for row in session.scalars(select(UserRole).where(UserRole.user_id == user_id))}
    for code in codes:
        if code not in roles:
            raise RoleUnknown(role=code)
    wanted = {roles[code] for code in codes}
    session.add_all(UserRole(user_id=user_id, role_id=role_id) for role_id in wanted - present.keys())
    for role_id in present.keys() - wanted:
        session.delete(present[role_id])


def create_user(session: Session, actor: Actor, clock: Clock, command: CreateUser) -> UUID:
    """Take on a member of staff. Raises EmailTaken, PasswordTooWeak, RoleUnknown."""
    actor.require(AccessPermission.USER_EDIT)
    email = command.email.strip().lower()
    if session.scalar(select(User.id).where(User.email == email)):
        raise EmailTaken
    user = User(
        id=new_id(),
        email=email,
        name=command.name,
        branch_id=command.branch_id,
        all_branches=command.all_branches,
    )
    if command.password is not None:
        _set_password(user, command.password)
    session.add(user)
    session.flush()
    _set_roles(session, user.id, command.roles)
    return user.id


def update_user(session: Session, actor: Actor, clock: Clock, command: UpdateUser) -> None:
    """Change name, branch, roles or whether the user may come in. Nobody does this to themselves (OwnRights)."""
    actor.require(AccessPermission.USER_EDIT)
    if command.user_id == actor.user_id:
        raise OwnRights
    user = session.get(User, command.user_id, with_for_update=True)
    if user is None:
        raise NotFound(what="user")
    user.name, user.branch_id, user.all_branches = command.name, command.branch_id, command.all_branches
    user.is_active = command.is_active
    _set_roles(session, user.id, command.roles)
    if not command.is_active:
        end_all_sessions(session, clock, user.id)


def end_all_sessions(session: Session, clock: Clock, user_id: UUID, keep: UUID | None = None) -> None:
    """End every open session of a user, except one."""
    query = update(StaffSession).where(StaffSession.user_id == user_id, StaffSession.ended_at.is_(None))
    if keep is not None:
        query = query.where(StaffSession.id != keep)
    session.execute(query.values(ended_at=clock.now()))


def change_password(session: Session, actor: Actor, clock: Clock, present: str, wanted: str) -> None:
    """Change one's own password; other sessions end. Raises PasswordWrong, PasswordTooWeak."""
    user = session.get_one(User, actor.user_id, with_for_update=True)
    if not verify_password(user.password_hash, present):
        raise PasswordWrong
    _set_password(user, wanted)
    end_all_sessions(session, clock, user.id, keep=actor.session_id)


def issue_reset_link(session: Session, actor: Actor, clock: Clock, user_id: UUID) -> str:
    """A token with which the user sets a password within 24 hours; shown once, stored as a hash."""
    actor.require(AccessPermission.USER_EDIT)
    token = secrets.token_urlsafe(32)
    session.add(PasswordReset(user_id=user_id, token_hash=token_hash(token), expires_at=clock.now() + LINK_LIFE))
    audit.record(session, "users.reset_link_issued", ("users", user_id))
    return token


def set_password_by_link(session: Session, actor: Actor, clock: Clock, token: str, wanted: str) -> None:
    """Set a password with a link. Raises LinkUnknown, PasswordTooWeak."""
    query = select(PasswordReset).where(PasswordReset.token_hash == token_hash(token)).with_for_update()
    link = session.scalars(query).first()
    if link is None or link.used_at is not None or link.expires_at < clock.now():
        raise LinkUnknown
    user = session.get_one(User, link.user_id, with_for_update=True)
    _set_password(user, wanted)
    user.failed_attempts, user.locked_until = 0, None
    link.used_at = clock.now()
    end_all_sessions(session, clock, user.id)
