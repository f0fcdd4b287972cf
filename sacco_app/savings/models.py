"""Tables of the savings room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from sacco_app.kernel.db import Base, CurrencyCode, Id, Minor

ACCOUNT_NUMBERS = Sequence("savings_account_numbers", metadata=Base.metadata)


class SavingsProduct(Base):
    """What the SACCO offers to savers."""

    __tablename__ = "savings_products"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(20))
    currency: Mapped[CurrencyCode]
    min_balance_minor: Mapped[Minor]
    min_opening_minor: Mapped[Minor]
    dormancy_days: Mapped[int] = mapped_column(server_default="365")
    is_active: Mapped[bool]


class SavingsAccount(Base):
    """A member's savings. The balance ties to the account's journal lines; it never goes below zero."""

    __tablename__ = "savings_accounts"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_savings_accounts_member_id", "member_id"),
        Index("ix_savings_accounts_branch_id", "branch_id"),
        CheckConstraint("ledger_balance_minor >= 0", name="ledger_balance_not_negative"),
        CheckConstraint("held_minor >= 0", name="held_not_negative"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(30))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("savings_products.id"))
    product_code: Mapped[str] = mapped_column(String(20))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    currency: Mapped[CurrencyCode]
    status: Mapped[str] = mapped_column(String(20))
    ledger_balance_minor: Mapped[Minor] = mapped_column(info={"audit": False})
    held_minor: Mapped[Minor] = mapped_column(info={"audit": False})
    opened_on: Mapped[date]
    last_activity_on: Mapped[date | None] = mapped_column(info={"audit": False})
    debits_from: Mapped[date | None]
    closed_on: Mapped[date | None]
    owner: Mapped[Any] = query_expression()
    """Number and name of the member, read along with the row by whoever locks it to move it."""


class SavingsHold(Base):
    """An amount that stays on the account and cannot be used until it is released. By hand, it says who ordered it."""

    __tablename__ = "savings_holds"
    __table_args__ = (UniqueConstraint("reference"), Index("ix_savings_holds_account_id", "account_id"))

    id: Mapped[Id]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("savings_accounts.id"))
    amount_minor: Mapped[Minor]
    reason: Mapped[str] = mapped_column(String(200))
    reference: Mapped[UUID]
    placed_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    by_hand: Mapped[bool] = mapped_column(server_default=false())
    ordered_by: Mapped[str] = mapped_column(String(10), server_default="")
    placed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))


class EstatePayout(Base):
    """What an heir was paid from an account of a member who died; a reversal leaves the row and says when."""

    __tablename__ = "estate_payouts"
    __audited__ = False
    __table_args__ = (Index("ix_estate_payouts_account_id", "account_id"),)

    transaction_id: Mapped[UUID] = mapped_column(ForeignKey("transactions.id"), primary_key=True)
    heir_id: Mapped[UUID] = mapped_column(ForeignKey("estate_heirs.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("savings_accounts.id"))
    amount_minor: Mapped[Minor]
    authority: Mapped[str] = mapped_column(String(200))
    taken_back_at: Mapped[datetime | None]
