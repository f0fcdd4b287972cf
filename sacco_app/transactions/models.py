"""Tables of the transactions room."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.db import Base, CurrencyCode, Id, Minor, Rate

FEE_KEY = "uq_fee_rules_key_valid_from"
LIMIT_KEY = "uq_transaction_limits_key_valid_from"


class Transaction(Base):
    """Something that happened to money, append-only. What it did to the book is its journal."""

    __tablename__ = "transactions"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("check_code"),
        UniqueConstraint("reverses_id"),
        Index("ix_transactions_branch_id_at", "branch_id", "at"),
        Index("ix_transactions_member_id_at", "member_id", "at"),
        Index("ix_transactions_maker_id_at", "maker_id", "at"),
        Index("ix_transactions_till_session_id", "till_session_id"),
        Index(
            "uq_transactions_receipt_number",
            "receipt_number",
            unique=True,
            postgresql_where=text("receipt_number <> ''"),
        ),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20))
    check_code: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    business_date: Mapped[date]
    at: Mapped[datetime]
    amount_minor: Mapped[Minor]
    fee_minor: Mapped[Minor]
    duty_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    currency: Mapped[CurrencyCode]
    balance_after_minor: Mapped[int | None] = mapped_column(BigInteger)
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    member_number: Mapped[str] = mapped_column(String(20))
    member_name: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[UUID | None]
    account_number: Mapped[str] = mapped_column(String(30))
    other_account_id: Mapped[UUID | None]
    other_account_number: Mapped[str] = mapped_column(String(30), server_default="")
    till_session_id: Mapped[UUID | None]
    till_code: Mapped[str] = mapped_column(String(10))
    receipt_number: Mapped[str] = mapped_column(String(40))
    party_name: Mapped[str] = mapped_column(String(120))
    party_phone: Mapped[str] = mapped_column(String(20))
    narration: Mapped[str] = mapped_column(String(200))
    maker_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    journal_id: Mapped[UUID | None]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("transactions.id"))


class ReceiptPrint(Base):
    """One printing of a receipt; every one after the first says DUPLICATE."""

    __tablename__ = "receipt_prints"
    __audited__ = False
    __table_args__ = (Index("ix_receipt_prints_transaction_id", "transaction_id"),)

    id: Mapped[Id]
    transaction_id: Mapped[UUID] = mapped_column(ForeignKey("transactions.id"))
    printed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class FeeRuleRow(Base):
    """A fee as the SACCO has set it, valid from a business date to a business date (both included)."""

    __tablename__ = "fee_rules"
    __table_args__ = (
        UniqueConstraint(
            "kind", "product", "channel", "from_minor", "valid_from", name=FEE_KEY, postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    product: Mapped[str | None] = mapped_column(String(20))
    channel: Mapped[str | None] = mapped_column(String(20))
    from_minor: Mapped[Minor]
    flat_minor: Mapped[Minor]
    rate: Mapped[Rate]
    max_minor: Mapped[int | None] = mapped_column(BigInteger)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class LimitRow(Base):
    """A limit as the SACCO has set it, valid from a business date to a business date (both included).

    `source` says who decided it; what came with the program is not `verified` until the SACCO has decided it itself.
    """

    __tablename__ = "transaction_limits"
    __table_args__ = (
        UniqueConstraint(
            "kind", "channel", "role", "counted_for", "valid_from", name=LIMIT_KEY, postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        CheckConstraint("num_nonnulls(max_one_minor, max_day_minor, max_day_count) > 0", name="limits_something"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str | None] = mapped_column(String(20))
    role: Mapped[str | None] = mapped_column(String(30))
    counted_for: Mapped[str] = mapped_column(String(10))
    max_one_minor: Mapped[int | None] = mapped_column(BigInteger)
    max_day_minor: Mapped[int | None] = mapped_column(BigInteger)
    max_day_count: Mapped[int | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(200), server_default="")
    verified: Mapped[bool] = mapped_column(server_default=false())
