"""Tables of the teller room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.db import Base, CurrencyCode, Id, Minor

_LIVE = text("state IN ('issued', 'opened', 'counting')")


class Vault(Base):
    """The branch's strong room."""

    __tablename__ = "vaults"
    __table_args__ = (UniqueConstraint("branch_id"), CheckConstraint("balance_minor >= 0", name="balance_not_negative"))

    id: Mapped[Id]
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    currency: Mapped[CurrencyCode]
    balance_minor: Mapped[Minor] = mapped_column(info={"audit": False})


class Till(Base):
    """A cash drawer with a sub-account of its own."""

    __tablename__ = "tills"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    currency: Mapped[CurrencyCode]
    limit_minor: Mapped[Minor]
    is_active: Mapped[bool]


class TillSession(Base):
    """One teller's day at one till."""

    __tablename__ = "till_sessions"
    __table_args__ = (
        Index("uq_till_sessions_live_till", "till_id", unique=True, postgresql_where=_LIVE),
        Index("uq_till_sessions_live_teller", "teller_id", unique=True, postgresql_where=_LIVE),
        Index("ix_till_sessions_branch_id_business_date", "branch_id", "business_date"),
        CheckConstraint("balance_minor >= 0", name="balance_not_negative"),
    )

    id: Mapped[Id]
    till_id: Mapped[UUID] = mapped_column(ForeignKey("tills.id"))
    till_code: Mapped[str] = mapped_column(String(10))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    teller_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    issued_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    business_date: Mapped[date]
    currency: Mapped[CurrencyCode]
    state: Mapped[str] = mapped_column(String(12))
    float_counts: Mapped[list[Any]]
    float_minor: Mapped[Minor]
    limit_minor: Mapped[Minor]
    balance_minor: Mapped[Minor] = mapped_column(info={"audit": False})
    receipts: Mapped[int] = mapped_column(info={"audit": False})
    issued_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closing_counts: Mapped[list[Any] | None]
    counted_minor: Mapped[int | None] = mapped_column(BigInteger)
    difference_minor: Mapped[int | None] = mapped_column(BigInteger)
