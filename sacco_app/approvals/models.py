"""Tables of the approvals room."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.db import Base, Id


class ApprovalRequest(Base):
    """A command that waits, with the effect as its checkers see it."""

    __tablename__ = "approval_requests"
    __table_args__ = (
        Index("ix_approval_requests_status_kind", "status", "kind"),
        Index("ix_approval_requests_maker_id", "maker_id"),
        Index("ix_approval_requests_payer_id", "payer_id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    command: Mapped[dict[str, Any]]
    summary: Mapped[str] = mapped_column(String(300))
    effects: Mapped[list[Any]]
    subject_url: Mapped[str | None] = mapped_column(String(200))
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    maker_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    maker_name: Mapped[str] = mapped_column(String(120))
    beneficiaries: Mapped[list[Any]]
    payer_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(String(500))
    required: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    result_ref: Mapped[str | None] = mapped_column(String(200))


class ApprovalDecision(Base):
    """One checker's word."""

    __tablename__ = "approval_decisions"
    __table_args__ = (UniqueConstraint("request_id", "checker_id"),)

    id: Mapped[Id]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("approval_requests.id"))
    checker_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    checker_name: Mapped[str] = mapped_column(String(120))
    decision: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


class ApprovalPolicy(Base):
    """How many checkers a kind of command needs from an amount on; the strictest policy that fits counts."""

    __tablename__ = "approval_policies"
    __table_args__ = (Index("ix_approval_policies_kind", "kind"),)

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    maker_role: Mapped[str | None] = mapped_column(String(30))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    min_amount_minor: Mapped[int] = mapped_column(BigInteger)
    required: Mapped[int]
