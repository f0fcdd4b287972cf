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
