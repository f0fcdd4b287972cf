"""Tables of the access room."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.crypto import EncryptedText
from sacco_app.kernel.db import Base, CreatedAt, Id


class User(Base):
    """A member of staff, or a program that acts: `is_technical` ones never sign in and are not in the lists."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email"), UniqueConstraint("member_id"))

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200), info={"secret": True})
    is_active: Mapped[bool] = mapped_column(default=True)
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    all_branches: Mapped[bool] = mapped_column(default=False)
    member_id: Mapped[UUID | None]
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText, info={"secret": True})
    totp_confirmed: Mapped[bool] = mapped_column(default=False)
    totp_last_step: Mapped[int | None] = mapped_column(info={"audit": False})
    failed_attempts: Mapped[int] = mapped_column(default=0, info={"audit": False})
    locked_until: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    is_technical: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[CreatedAt]


class Role(Base):
    """A named set of permissions."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(60))
    requires_totp: Mapped[bool] = mapped_column(default=False)


class RolePermission(Base):
    """One permission of a role."""

    __tablename__ = "role_permissions"
    __table_args__ = (UniqueConstraint("role_id", "permission"),)

    id: Mapped[Id]
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id", ondelete="CASCADE"))
    permission: Mapped[str] = mapped_column(String(60))


class RoleOffer(Base):
    """A permission that the program has once brought for a role, whatever the SACCO then did with it."""

    __tablename__ = "role_offers"
    __audited__ = False
    __table_args__ = (UniqueConstraint("role_id", "permission"),)

    id: Mapped[Id]
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id", ondelete="CASCADE"))
    permission: Mapped[str] = mapped_column(String(60))


class UserRole(Base):
    """One role of a user."""

    __tablename__ = "user_roles"
    __table_args__ = (UniqueConstraint("user_id", "role_id"),)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role_id: Mapped[UUID] = mapped_column(ForeignKey("roles.id"))


class UserBranch(Base):
    """One more branch that a user may look after besides the own one."""

    __tablename__ = "user_branches"
    __table_args__ = (UniqueConstraint("user_id", "branch_id"),)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))


class LoginAttempt(Base):
    """One knock at the door: who was named, from where, with what device, and what came of it. Append-only."""

    __tablename__ = "login_attempts"
    __audited__ = False
    __table_args__ = (
        Index("ix_login_attempts_email_at", "email", "at"),
        Index("ix_login_attempts_ip_at", "ip", "at"),
        Index("ix_login_attempts_at", "at"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    email: Mapped[str] = mapped_column(String(120))
    user_id: Mapped[UUID | None]
    outcome: Mapped[str] = mapped_column(String(20))
    ip: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(String(200))


class StaffSession(Base):
    """A signed-in browser: when, from where, and whether it was ended."""

    __tablename__ = "staff_sessions"
    __audited__ = False
    __table_args__ = (Index("ix_staff_sessions_user_id", "user_id"),)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ip: Mapped[str] = mapped_column(String(45))
    device: Mapped[str] = mapped_column(String(200))


class RecoveryCode(Base):
    """A code that stands in once for the telephone with the one-time codes."""

    __tablename__ = "recovery_codes"
    __audited__ = False
    __table_args__ = (Index("ix_recovery_codes_user_id", "user_id"),)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class PasswordReset(Base):
    """A link with which a user sets a password, once and not for long.

    With `shown_to` two people have agreed that this one may be shown it: its token is made when it is.
    """

    __tablename__ = "password_resets"
    __audited__ = False
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    shown_to: Mapped[UUID | None]


class ApiClient(Base):
    """A program that calls the API. It is a technical user of its own: `id` is the user's, so that makers stay apart."""

    __tablename__ = "api_clients"
    __table_args__ = (UniqueConstraint("client_id"),)

    id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32))
    contact: Mapped[str] = mapped_column(String(120))
    scopes: Mapped[list[Any]]
    networks: Mapped[list[Any]]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None] = mapped_column(info={"audit": False})
    last_used_ip: Mapped[str] = mapped_column(String(45), default="", info={"audit": False})


class ApiClientSecret(Base):
    """A secret of a client, as a hash: it has 256 random bits, so a fast hash is enough. At most two are good at once.

    With `shown_to` two people have agreed that this one may be shown it: it is made when it is.
    """

    __tablename__ = "api_client_secrets"
    __table_args__ = (Index("ix_api_client_secrets_client_id", "client_id"),)

    id: Mapped[Id]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("api_clients.id"))
    secret_hash: Mapped[str] = mapped_column(String(64), info={"secret": True})
    hint: Mapped[str] = mapped_column(String(4))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    shown_to: Mapped[UUID | None]
