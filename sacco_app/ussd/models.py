"""Tables of the USSD room. Nothing that was typed or shown is stored, and of the telephone only what can be recognised."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.db import Base, Id


class UssdSession(Base):
    """One session: whose, when, how far it came and how it ended. Itself a trail, so it is not audited again."""

    __tablename__ = "ussd_sessions"
    __audited__ = False
    __table_args__ = (
        Index("ix_ussd_sessions_session_hash", "session_hash"),
        Index("ix_ussd_sessions_branch_id_started_at", "branch_id", "started_at"),
        Index("ix_ussd_sessions_started_at", "started_at"),
        Index("ix_ussd_sessions_member_id", "member_id"),
        Index("ix_ussd_sessions_phone_hash", "phone_hash"),
    )

    id: Mapped[Id]
    session_hash: Mapped[str] = mapped_column(String(64))
    gateway: Mapped[str] = mapped_column(String(40))
    service_code: Mapped[str] = mapped_column(String(40))
    network: Mapped[str] = mapped_column(String(20))
    phone_masked: Mapped[str] = mapped_column(String(20))
    phone_hash: Mapped[str] = mapped_column(String(64))
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    language: Mapped[str] = mapped_column(String(2))
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    hops: Mapped[int]
    last_menu: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(12))


class UssdChoice(Base):
    """A member who has chosen the language on the telephone: it is asked once."""

    __tablename__ = "ussd_choices"
    __audited__ = False

    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), primary_key=True)
    chosen_at: Mapped[datetime]
