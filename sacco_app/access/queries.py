"""Reads of the access room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from sacco_app.access.models import (
    ApiClientSecret,
    LoginAttempt,
    PasswordReset,
    RecoveryCode,
    Role,
    RolePermission,
    StaffSession,
    User,
    UserBranch,
    UserRole,
)
from sacco_app.access.types import Identity, UserFacts
from sacco_app.kernel.actor import SYSTEM_USER_ID, Actor
from sacco_app.kernel.errors import NotFound

_ROLES = (
    select(func.array_agg(Role.code)).join(UserRole, UserRole.role_id == Role.id).where(UserRole.user_id == User.id)
).scalar_subquery()
_PERMISSIONS = (
    select(func.array_agg(RolePermission.permission.distinct()))
    .join(UserRole, UserRole.role_id == RolePermission.role_id)
    .where(UserRole.user_id == User.id)
).scalar_subquery()
_NEEDS_TOTP = (
    select(func.coalesce(func.bool_or(Role.requires_totp), False))
    .join(UserRole, UserRole.role_id == Role.id)
    .where(UserRole.user_id == User.id)
).scalar_subquery()

_BRANCHES = select(func.array_agg(UserBranch.branch_id)).where(UserBranch.user_id == User.id).scalar_subquery()
_ACTOR = (
    User.id.label("user_id"),
    User.name,
    User.branch_id,
    User.all_branches,
    User.member_id,
    _ROLES.label("roles"),
    _PERMISSIONS.label("permissions"),
    _BRANCHES.label("branches"),
)


def get_user(session: Session, user_id: UUID) -> UserFacts:
    """One member of staff. Raises NotFound."""
    row = session.execute(select(User, _ROLES).where(User.id == user_id)).first()
    if row is None:
        raise NotFound(what="user")
    user, roles = row
    return UserFacts(user.id, user.email, user.name, tuple(sorted(roles or ())), user.branch_id)


def find_by_email(session: Session, email: str) -> UserFacts | None:
    """The member of staff with this address, if there is one."""
    found = session.scalar(select(User.id).where(User.email == email.strip().lower()))
    return get_user(session, found) if found else None


def names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names by id, for lists."""
    wanted = {user_id for user_id in ids if user_id}
    if not wanted:
        return {}
    return {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}


def names_by_id(session: Session) -> dict[str, str]:
    """The names of everybody who acts and of every role, by id as text: for pages that show what stands in the tables."""
    rows = session.execute(select(User.id, User.name).union_all(select(Role.id, Role.name)))
    return {str(thing_id): name for thing_id, name in rows}


def needs_totp(session: Session, user_id: UUID) -> bool:
    """True when one of the user's roles demands a second factor."""
    return bool(session.scalar(select(_NEEDS_TOTP).select_from(User).where(User.id == user_id)))


def actor_of(session: Session, user_id: UUID, *, session_id: UUID | None = None, ip: str = "") -> Actor:
    """The actor that a user is, with the permissions of all roles. Raises NotFound."""
    row = session.execute(select(*_ACTOR).where(User.id == user_id)).first()
    if row is None:
        raise NotFound(what="user")
    return _actor(row, session_id, ip)


def _actor(row: Any, session_id: UUID | None, ip: str) -> Actor:
    seen = frozenset({row.branch_id, *(row.branches or ())} - {None})
    return Actor(
        user_id=row.user_id,
        name=row.name,
        permissions=frozenset(row.permissions or ()),
        roles=tuple(sorted(row.roles or ())),
        branch_id=row.branch_id,
        branch_ids=None if row.all_branches else seen,
        session_id=session_id,
        ip=ip,
        member_id=row.member_id,
    )


_IDENTITY = (
    select(
        *_ACTOR,
        User.email,
        User.must_change_password,
        User.totp_confirmed,
        _NEEDS_TOTP.label("needs_totp"),
        StaffSession.started_at,
        StaffSession.last_seen_at,
    )
    .join(User, User.id == StaffSession.user_id)
    .where(StaffSession.id == bindparam("session"), StaffSession.ended_at.is_(None), User.is_active)
)


def identity(session: Session, session_id: UUID, ip: str) -> Identity | None:
    """The person behind a session that is not ended, with one query."""
    row = session.execute(_IDENTITY, {"session": session_id}).first()
    if row is None:
        return None
    return Identity(
        actor=_actor(row, session_id, ip),
        session_id=session_id,
        email=row.email,
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        must_enrol=bool(row.needs_totp) and not row.totp_confirmed,
        must_change_password=row.must_change_password,
    )


def users_who_may(session: Session, permission: str) -> list[UserFacts]:
    """Active staff who hold a permission through a role."""
    query = (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .join(RolePermission, RolePermission.role_id == UserRole.role_id)
        .where(RolePermission.permission == permission, User.is_active)
        .distinct()
    )
    return [get_user(session, user_id) for user_id in session.scalars(query)]


def is_staff(session: Session, user_id: UUID) -> bool:
    """True for a person who works here; false for the program and for channels and programs that call us."""
    query = select(User.id).where(User.id == user_id, User.is_technical.is_(False), User.is_active)
    return user_id != SYSTEM_USER_ID and session.scalar(query) is not None


def role_choices(session: Session) -> list[tuple[str, str]]:
    """Codes and names of the roles."""
    return [(row.code, row.name) for row in session.execute(select(Role.code, Role.name).order_by(Role.name))]


def has_totp(session: Session, user_id: UUID) -> bool:
    """True when the user has proven a telephone."""
    return bool(session.scalar(select(User.totp_confirmed).where(User.id == user_id)))


def recovery_codes_left(session: Session, user_id: UUID) -> int:
    """How many recovery codes are still good."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def branches_of(session: Session, user_id: UUID) -> tuple[UUID, ...]:
    """The branches that a user sees besides the own one."""
    return tuple(session.scalars(select(UserBranch.branch_id).where(UserBranch.user_id == user_id)))


def open_sessions(session: Session, user_id: UUID) -> list[StaffSession]:
    """The sessions of a user that nobody has ended, the last used one first."""
    query = select(StaffSession).where(StaffSession.user_id == user_id, StaffSession.ended_at.is_(None))
    return list(session.scalars(query.order_by(StaffSession.last_seen_at.desc())))


def role_matrix(session: Session) -> tuple[list[Role], dict[str, set[str]]]:
    """The roles, and for each permission the codes of the roles that hold it."""
    roles = list(session.scalars(select(Role).order_by(Role.name)))
    held: dict[str, set[str]] = {}
    query = select(RolePermission.permission, Role.code).join(Role, Role.id == RolePermission.role_id)
    for permission, code in session.execute(query.order_by(RolePermission.permission)):
        held.setdefault(permission, set()).add(code)
    return roles, held


def permissions_of(session: Session, role_id: UUID) -> list[str]:
    """What a role may do."""
    query = select(RolePermission.permission).where(RolePermission.role_id == role_id)
    return list(session.scalars(query.order_by(RolePermission.permission)))


def client_secrets(session: Session, client_id: UUID) -> list[ApiClientSecret]:
    """The secrets of an API client that were shown, the newest first; the good ones have no `retired_at`."""
    query = select(ApiClientSecret).where(ApiClientSecret.client_id == client_id, ApiClientSecret.shown_to.is_(None))
    return list(session.scalars(query.order_by(ApiClientSecret.created_at.desc()).limit(10)))


def last_attempts(session: Session, user_id: UUID, limit: int = 8) -> list[LoginAttempt]:
    """The last knocks at the door in a user's name, the newest first."""
    query = select(LoginAttempt).where(LoginAttempt.user_id == user_id)
    return list(session.scalars(query.order_by(LoginAttempt.at.desc()).limit(limit)))


def links_to_show(user_id: UUID, seer_id: UUID, now: datetime) -> Select[PasswordReset]:
    """The link for a user's password that somebody may be shown and was not yet."""
    return select(PasswordReset).where(
        PasswordReset.user_id == user_id,
        PasswordReset.shown_to == seer_id,
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > now,
    )


def secrets_to_show(
    client_id: UUID, seer_id: UUID | None = None, since: datetime | None = None
) -> Select[ApiClientSecret]:
    """The secret of a client that somebody (this one, since then) may be shown and was not yet."""
    query = select(ApiClientSecret).where(
        ApiClientSecret.client_id == client_id,
        ApiClientSecret.retired_at.is_(None),
        ApiClientSecret.shown_to.is_not(None),
    )
    if seer_id is not None:
        query = query.where(ApiClientSecret.shown_to == seer_id)
    return query if since is None else query.where(ApiClientSecret.created_at > since)


def users_of_member(session: Session, member_id: UUID) -> list[UUID]:
    """Staff who are this member."""
    return list(session.scalars(select(User.id).where(User.member_id == member_id)))
