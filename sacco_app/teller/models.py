"""Tables of the teller room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.db import Base, CurrencyCode, Id, Minor

_LIVE = text("state IN ('issued', 'opened', 'suspended', 'counting')")
_WAITING = text("state = 'waiting'")
_IN_TRANSIT = text("state = 'in_transit'")
_OFFERED = text("state = 'offered'")


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
    suspended_at: Mapped[datetime | None]
    suspended_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]
    closing_counts: Mapped[list[Any] | None]
    counted_minor: Mapped[int | None] = mapped_column(BigInteger)
    recounts: Mapped[list[Any] | None]
    recounted_minor: Mapped[int | None] = mapped_column(BigInteger)
    received_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    difference_minor: Mapped[int | None] = mapped_column(BigInteger)
    sent_back: Mapped[str] = mapped_column(String(500), default="")


class CashMove(Base):
    """Counted cash between the vault and an open till, or two open tills. A side that is null is the vault."""

    __tablename__ = "cash_moves"
    __table_args__ = (
        Index("ix_cash_moves_offered", "branch_id", postgresql_where=_OFFERED),
        Index("ix_cash_moves_from_session_id", "from_session_id"),
        Index("ix_cash_moves_to_session_id", "to_session_id"),
        CheckConstraint("num_nonnulls(from_session_id, to_session_id) > 0", name="has_a_till"),
        CheckConstraint("amount_minor > 0", name="moves_something"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    business_date: Mapped[date]
    currency: Mapped[CurrencyCode]
    amount_minor: Mapped[Minor]
    counts: Mapped[list[Any]]
    from_session_id: Mapped[UUID | None] = mapped_column(ForeignKey("till_sessions.id"))
    to_session_id: Mapped[UUID | None] = mapped_column(ForeignKey("till_sessions.id"))
    offered_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    offered_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(String(200))
    transaction_id: Mapped[UUID | None]


class CashDeclaration(Base):
    """What was said at the counter about a transaction: where the money comes from, or by what right it is taken out."""

    __tablename__ = "cash_declarations"
    __audited__ = False
    __table_args__ = (Index("ix_cash_declarations_branch_id_business_date", "branch_id", "business_date"),)

    transaction_id: Mapped[UUID] = mapped_column(ForeignKey("transactions.id"), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    business_date: Mapped[date]
    source: Mapped[str] = mapped_column(String(20))
    authority: Mapped[str] = mapped_column(String(200))


class CashCount(Base):
    """A count against the book at that moment: of a vault by two custodians, of an open till by a supervisor, or of a
    till that was handed in (`request_id`) by a custodian, who counts it once.
    """

    __tablename__ = "cash_counts"
    __table_args__ = (
        Index("uq_cash_counts_waiting", "vault_id", unique=True, postgresql_where=_WAITING),
        Index("uq_cash_counts_till_waiting", "session_id", unique=True, postgresql_where=_WAITING),
        Index("ix_cash_counts_vault_id_counted_at", "vault_id", "counted_at"),
        Index("ix_cash_counts_branch_id_counted_at", "branch_id", "counted_at"),
        Index("ix_cash_counts_session_id", "session_id"),
        Index("uq_cash_counts_request_id_counted_by", "request_id", "counted_by", unique=True),
        CheckConstraint("num_nonnulls(vault_id, session_id) = 1", name="counts_one_place"),
    )

    id: Mapped[Id]
    vault_id: Mapped[UUID | None] = mapped_column(ForeignKey("vaults.id"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("till_sessions.id"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    business_date: Mapped[date]
    currency: Mapped[CurrencyCode]
    state: Mapped[str] = mapped_column(String(10))
    counts: Mapped[list[Any]]
    counted_minor: Mapped[Minor]
    book_minor: Mapped[Minor]
    remark: Mapped[str] = mapped_column(String(200))
    counted_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    counted_at: Mapped[datetime]
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime | None]
    transaction_id: Mapped[UUID | None]
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("approval_requests.id"))


class Banking(Base):
    """Cash on its way from the vault to the bank, until the bank's slip is entered."""

    __tablename__ = "bankings"
    __table_args__ = (Index("ix_bankings_in_transit", "branch_id", postgresql_where=_IN_TRANSIT),)

    id: Mapped[Id]
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    business_date: Mapped[date]
    currency: Mapped[CurrencyCode]
    state: Mapped[str] = mapped_column(String(10))
    counts: Mapped[list[Any]]
    amount_minor: Mapped[Minor]
    carrier: Mapped[str] = mapped_column(String(120))
    sent_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    agreed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    sent_at: Mapped[datetime]
    transaction_id: Mapped[UUID]
    slip_number: Mapped[str] = mapped_column(String(40))
    slip_minor: Mapped[int | None] = mapped_column(BigInteger)
    banked_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    banked_at: Mapped[datetime | None]
    slip_transaction_id: Mapped[UUID | None]
