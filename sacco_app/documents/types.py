"""Words of the documents room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID


class DocumentsPermission(StrEnum):
    DOCUMENT_VIEW = "documents:document:view"
    DOCUMENT_MAIL = "documents:document:mail"
    BATCH_MAKE = "documents:batch:make"


class DocumentStatus(StrEnum):
    """requested → rendering → ready, or failed until somebody tries the job again."""

    REQUESTED = "requested"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RequestDocument:
    """A document that somebody wants. The same `dedupe_key` gives the document that there is already.

    `requested_by` names the person when a worker asks in that person's place. One that
    nobody waits for (`is_awaited`) is made behind the others.
    """

    kind: str
    params: Mapping[str, str]
    title: str
    branch_id: UUID | None = None
    member_id: UUID | None = None
    dedupe_key: str | None = None
    requested_by: UUID | None = None
    is_awaited: bool = True


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a document. `facts` are shown to whoever holds the check code: names and numbers masked."""

    context: Mapping[str, Any]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Requested:
    """The event that a document is wanted."""

    topic: ClassVar[str] = "documents.requested"
    document_id: UUID


@dataclass(frozen=True, slots=True)
class BulkRequested:
    """The event that a document is wanted that nobody waits for: it is made behind the others."""

    topic: ClassVar[str] = "documents.bulk_requested"
    document_id: UUID


@dataclass(frozen=True, slots=True)
class Ready:
    """The event that a document can be fetched."""

    topic: ClassVar[str] = "documents.ready"
    document_id: UUID
    kind: str
    title: str
    requested_by: UUID
    member_id: UUID | None
    batch_id: UUID | None


@dataclass(frozen=True, slots=True)
class BatchDone:
    """The event that nothing of a run is under way any more."""

    topic: ClassVar[str] = "documents.batch_done"
    batch_id: UUID
    title: str
    requested_by: UUID
    total: int
    failed: int


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document as the front doors show it."""

    id: UUID
    kind: str
    title: str
    status: DocumentStatus
    requested_at: datetime
    ready_at: datetime | None
    path: str
    size: int
    sha256: str
    check_code: str
    error: str
    facts: tuple[tuple[str, str], ...] = field(default=())
    batch_id: UUID | None = None
    member_id: UUID | None = None

    @property
    def filename(self) -> str:
        """A safe name for the download."""
        words = "".join(c if c.isalnum() else "-" for c in self.title.lower())
        return "-".join(part for part in words.split("-") if part)[:80] + ".pdf"


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a run of documents is. `started_at` to `last_at` gives the rate."""

    id: UUID
    title: str
    total: int
    ready: int
    failed: int
    started_at: datetime
    last_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.ready + self.failed >= self.total

    @property
    def seconds_left(self) -> int | None:
        """At the rate so far; None while there is none."""
        if not self.ready or self.last_at is None or self.is_over:
            return None
        spent = (self.last_at - self.started_at).total_seconds()
        return round(spent / self.ready * (self.total - self.ready - self.failed))
