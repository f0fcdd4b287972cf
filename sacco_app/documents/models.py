"""Tables of the documents room."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.db import Base, Id


class DocumentBatch(Base):
    """A run of documents that was asked for in one go."""

    __tablename__ = "document_batches"
    __audited__ = False

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(200))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    total: Mapped[int]
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime]


class Document(Base):
    """A paper: what it is about, how far it is, where its file lies and what proves it."""

    __tablename__ = "documents"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("check_code"),
        UniqueConstraint("dedupe_key"),
        Index("ix_documents_requested_at", "requested_at"),
        Index("ix_documents_requested_by", "requested_by", "requested_at"),
        Index("ix_documents_member_id", "member_id", postgresql_where=text("member_id IS NOT NULL")),
        Index("ix_documents_batch_id", "batch_id", "status", postgresql_where=text("batch_id IS NOT NULL")),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    params: Mapped[dict[str, Any]]
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    member_id: Mapped[UUID | None]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("document_batches.id"))
    dedupe_key: Mapped[str | None] = mapped_column(String(120))
    requested_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(12))
    ready_at: Mapped[datetime | None]
    path: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    check_code: Mapped[str] = mapped_column(String(16))
    facts: Mapped[list[Any]]
    error: Mapped[str] = mapped_column(String(300))
