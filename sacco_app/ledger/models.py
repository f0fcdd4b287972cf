"""Tables of the ledger: chart, posting profiles, journals with their lines, totals of closed days, periods."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.db import Base, CurrencyCode, Id, Instant, Minor


class GlAccount(Base):
    """An account of the chart. Reports read the mapping columns; the code is the SACCO's to renumber.

    `clearing_days` says after how many working days an amount on the account must have gone on (None: no limit).
    """

    __tablename__ = "gl_accounts"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("class IN ('A', 'L', 'E', 'I', 'X', 'M')", name="class"),
        CheckConstraint("normal_side IN ('D', 'C')", name="normal_side"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    account_class: Mapped[str] = mapped_column("class", String(1))
    normal_side: Mapped[str] = mapped_column(String(1))
    is_control: Mapped[bool]
    pearls: Mapped[str] = mapped_column(String(20))
    kef: Mapped[str] = mapped_column(String(10))
    liquidity: Mapped[str] = mapped_column(String(10))
    cash_flow: Mapped[str] = mapped_column(String(1))
    clearing_days: Mapped[int | None] = mapped_column(SmallInteger)
    is_active: Mapped[bool]


class PostingProfile(Base):
    """Which account a leg of an event moves; a row with a product goes before the one without."""

    __tablename__ = "posting_profiles"
    __table_args__ = (UniqueConstraint("event_code", "product_code", "leg", postgresql_nulls_not_distinct=True),)

    id: Mapped[Id]
    event_code: Mapped[str] = mapped_column(String(20))
    product_code: Mapped[str | None] = mapped_column(String(20))
    leg: Mapped[str] = mapped_column(String(40))
    gl_account_id: Mapped[UUID] = mapped_column(ForeignKey("gl_accounts.id"))


class LedgerPeriod(Base):
    """A calendar month (its first day) and whether it takes journals."""

    __tablename__ = "ledger_periods"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'soft_closed', 'closed')", name="status"),
        CheckConstraint("EXTRACT(DAY FROM month) = 1", name="first_day"),
    )

    month: Mapped[date] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(12))


class Journal(Base):
    """One business event in the book. Append-only by trigger; `total_minor` and `line_count` are proven at commit."""

    __tablename__ = "journals"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("event_code", "source_ref"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("line_count >= 2", name="line_count"),
        CheckConstraint("total_minor > 0", name="total"),
        CheckConstraint("checker_id IS NULL OR checker_id <> maker_id", name="two_people"),
        Index("ix_journals_business_date", "business_date", "branch_id"),
        Index("ix_journals_transaction_id", "transaction_id", postgresql_where=text("transaction_id IS NOT NULL")),
    )

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    business_date: Mapped[date]
    value_date: Mapped[date]
    posted_at: Mapped[Instant]
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    currency: Mapped[CurrencyCode]
    event_code: Mapped[str] = mapped_column(String(20))
    source_ref: Mapped[str] = mapped_column(String(120))
    narration: Mapped[str] = mapped_column(String(240))
    maker_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    checker_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("journals.id"))
    transaction_id: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(String(500))
    total_minor: Mapped[Minor]
    line_count: Mapped[int] = mapped_column(SmallInteger)


class JournalLine(Base):
    """One side of a journal. Dates, branch and currency are repeated here so that balances need one table."""

    __tablename__ = "journal_lines"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("journal_id", "line_no"),
        CheckConstraint("debit_minor >= 0 AND credit_minor >= 0", name="sign"),
        CheckConstraint("(debit_minor > 0) <> (credit_minor > 0)", name="one_side"),
        CheckConstraint("(subledger_kind IS NULL) = (subledger_id IS NULL)", name="subledger"),
        Index("ix_journal_lines_account", "gl_account_id", "business_date"),
        Index("ix_journal_lines_day", "branch_id", "business_date"),
        Index(
            "ix_journal_lines_subledger",
            "subledger_id",
            "business_date",
            postgresql_where=text("subledger_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    journal_id: Mapped[UUID] = mapped_column(ForeignKey("journals.id"))
    line_no: Mapped[int] = mapped_column(SmallInteger)
    gl_account_id: Mapped[UUID] = mapped_column(ForeignKey("gl_accounts.id"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    business_date: Mapped[date]
    value_date: Mapped[date]
    currency: Mapped[CurrencyCode]
    debit_minor: Mapped[Minor]
    credit_minor: Mapped[Minor]
    member_id: Mapped[UUID | None]
    subledger_kind: Mapped[str | None] = mapped_column(String(30))
    subledger_id: Mapped[UUID | None]


class JournalPaper(Base):
    """A file that belongs to a manual journal, from the moment that it waits for approval."""

    __tablename__ = "journal_papers"
    __table_args__ = (Index("ix_journal_papers_request_id", "request_id"),)

    id: Mapped[Id]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("approval_requests.id"))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    name: Mapped[str] = mapped_column(String(120))
    path: Mapped[str] = mapped_column(String(80))
    mime: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[Instant]


class DayClose(Base):
    """A business date that a branch has closed; `lines` are those that were rolled up then."""

    __tablename__ = "ledger_day_closes"
    __table_args__ = (UniqueConstraint("branch_id", "day"),)

    id: Mapped[Id]
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"))
    day: Mapped[date]
    closed_at: Mapped[Instant]
    closed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    lines: Mapped[int] = mapped_column(BigInteger)


class DayTotal(Base):
    """What an account moved in a branch on a day, for every day up to the branch's last closed one.

    Written by the close; a trigger adds the lines that are posted later.
    """

    __tablename__ = "gl_day_totals"
    __audited__ = False

    gl_account_id: Mapped[UUID] = mapped_column(ForeignKey("gl_accounts.id"), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("branches.id"), primary_key=True)
    business_date: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[CurrencyCode] = mapped_column(primary_key=True)
    debit_minor: Mapped[Minor]
    credit_minor: Mapped[Minor]
