"""Tables of the organisation room."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.db import Base, CurrencyCode, Id


class Organisation(Base):
    """The one row that says who the SACCO is."""

    __tablename__ = "organisation"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(20))
    registration_number: Mapped[str] = mapped_column(String(60))
    licence_number: Mapped[str] = mapped_column(String(60))
    country: Mapped[str] = mapped_column(String(2))
    currency: Mapped[CurrencyCode]
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200))
    complaints_phone: Mapped[str] = mapped_column(String(20))
    regulator_profile: Mapped[str] = mapped_column(String(30))
    logo: Mapped[bytes | None]


class Branch(Base):
    """A place where members are served; it keeps its own business date."""

    __tablename__ = "branches"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(String(80))
    business_date: Mapped[date]
    is_head_office: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    phone: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(200), default="")


class Holiday(Base):
    """A day on which no branch works, or one branch does not."""

    __tablename__ = "holidays"
    __table_args__ = (UniqueConstraint("day", "branch_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[Id]
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(80))


class Parameter(Base):
    """One value of a statutory or house parameter, valid from a day to a day (both included)."""

    __tablename__ = "parameters"
    __table_args__ = (UniqueConstraint("key", "valid_from"), Index("ix_parameters_key", "key"))

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300))
    verified: Mapped[bool] = mapped_column(default=False)
