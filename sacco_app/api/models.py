"""Tables of the API room."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.db import Base, Id


class ApiDevice(Base):
    """A member's app on one telephone, from sign-in to its end: the family of its refresh tokens."""

    __tablename__ = "api_devices"
    __table_args__ = (Index("ix_api_devices_member_id", "member_id"),)

    id: Mapped[Id]
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    name: Mapped[str] = mapped_column(String(80))
    ip: Mapped[str] = mapped_column(String(45), info={"audit": False})
    signed_in_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column(info={"audit": False})
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(20))


class ApiRefreshToken(Base):
    """One refresh token of a family, as a hash. It buys one successor; a second try means that it was copied."""

    __tablename__ = "api_refresh_tokens"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_api_refresh_tokens_device_id", "device_id"),
        Index("ix_api_refresh_tokens_expires_at", "expires_at"),
    )

    id: Mapped[Id]
    device_id: Mapped[UUID] = mapped_column(ForeignKey("api_devices.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
