"""Tables of the transactions room."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.db import Base, CurrencyCode, Id, Minor


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
    currency: Mapped[CurrencyCode]
    balance_after_minor: Mapped[int | None] = mapped_column(BigInteger)
    member_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    member_number: Mapped[str] = mapped_column(String(20))
    member_name: Mapped[str] = mapped_column(String(200))
    account_id: Mapped[UUID | None]
    account_number: Mapped[str] = mapped_column(String(30))
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
    """A fee rule as the SACCO has set it."""

    __tablename__ = "fee_rules"
    __table_args__ = (UniqueConstraint("kind", "product", "from_minor", postgresql_nulls_not_distinct=True),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    product: Mapped[str | None] = mapped_column(String(20))
    from_minor: Mapped[Minor]
    flat_minor: Mapped[Minor]
    rate: Mapped[Decimal] = mapped_column(Numeric(20, 8))
    max_minor: Mapped[int | None] = mapped_column(BigInteger)
