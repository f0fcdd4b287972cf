"""Facts of the approvals room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Requested:
    """A command waits for a second person."""

    topic: ClassVar[str] = "approvals.requested"
    request_id: UUID


@dataclass(frozen=True, slots=True)
class Decided:
    """It waits no longer; `status` says what became of it, `by` is who said so."""

    topic: ClassVar[str] = "approvals.decided"
    request_id: UUID
    status: str
    by: UUID
