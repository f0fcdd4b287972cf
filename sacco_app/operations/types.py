"""Words of the operations room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OperationsPermission(StrEnum):
    HEALTH_VIEW = "operations:health:view"
    JOB_VIEW = "operations:job:view"
    JOB_RETRY = "operations:job:retry"


class State(StrEnum):
    """How a part of the program does. `late` works but is behind; `down` does not answer."""

    WELL = "well"
    LATE = "late"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the program as the health page shows it. `technical` is what the code calls it, where it has words."""

    name: str
    state: State
    note: str
    at: datetime | None = None
    technical: str = ""


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """Jobs that wait in a queue and jobs under way."""

    name: str
    waiting: int
    started: int


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that the health page tells."""

    engines: tuple[Part, ...]
    processes: tuple[Part, ...]
    queues: tuple[QueueDepth, ...]
    relay: Part
    tasks: tuple[Part, ...]
    branches: tuple[Part, ...]
    failed: int

    @property
    def worst(self) -> State:
        """The state of the whole: as good as its worst part."""
        parts = (*self.engines, *self.processes, self.relay, *self.tasks)
        order = [State.WELL, State.LATE, State.DOWN]
        return max((part.state for part in parts), key=order.index, default=State.WELL)
