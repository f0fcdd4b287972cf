"""What the rooms above add to the day of a branch: the check-list before its close, and the close itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check-list. One that does not hold and `blocks` keeps the day open.

    `note` says what was found, `endpoint` names the page where it is put right.
    """

    label: str
    holds: bool
    note: str = ""
    endpoint: str = ""
    blocks: bool = True

    @property
    def state(self) -> str:
        """`done`; `open` where it keeps the day open; `carried` where it may go on into the next day."""
        return "done" if self.holds else "open" if self.blocks else "carried"


@dataclass(frozen=True, slots=True)
class Closing:
    """The last day that a branch has closed."""

    day: date
    closed_at: datetime
    closed_by: str


class DayKeeper(Protocol):
    """The room that closes days in the book."""

    def last_closed(self, session: Session, branch_id: UUID) -> Closing | None:
        """The last day that the branch has closed."""

    def close(self, session: Session, actor: Actor, clock: Clock, branch_id: UUID, day: date) -> None:
        """Close the day; nothing happens when it is closed already."""


Checker = Callable[[Session, UUID, date], Check]
_checkers: dict[str, tuple[int, Checker]] = {}
_keepers: list[DayKeeper] = []


def register_check(name: str, checker: Checker, order: int = 50) -> None:
    """Put a line onto the check-list of every branch. Registering a name again replaces it."""
    _checkers[name] = (order, checker)


def checks(session: Session, branch_id: UUID, day: date) -> list[Check]:
    """The check-list of a branch's day, in order."""
    ordered = sorted(_checkers.items(), key=lambda item: (item[1][0], item[0]))
    return [checker(session, branch_id, day) for _, (_, checker) in ordered]


def register_keeper(keeper: DayKeeper) -> None:
    """Say who closes days in the book; the last one said counts."""
    _keepers[:] = [keeper]


def keeper() -> DayKeeper | None:
    """Who closes days; None where no room does."""
    return _keepers[0] if _keepers else None
