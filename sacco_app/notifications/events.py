"""Facts of the notifications room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Queued:
    """A message waits to be handed to its gateway."""

    topic: ClassVar[str] = "notifications.queued"
    message_id: UUID


@dataclass(frozen=True, slots=True)
class Reported:
    """A provider called us; what it said is stored and waits to be read."""

    topic: ClassVar[str] = "notifications.reported"
    report_id: UUID


@dataclass(frozen=True, slots=True)
class FetchDue:
    """It is time to ask the provider for texts that came in."""

    topic: ClassVar[str] = "notifications.fetch_due"
    after: int


@dataclass(frozen=True, slots=True)
class PushDue:
    """A browser of somebody is to be woken: a new line stands in the inbox."""

    topic: ClassVar[str] = "notifications.push_due"
    item_id: UUID
    subscription_id: UUID
    nudge: str
