"""The desk at which changes of rights wait for a second person. The approvals room, which stands above, takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock

CREATE_USER = "access.create-user"
UPDATE_USER = "access.update-user"
SAVE_ROLE = "access.save-role"
NEW_TELEPHONE = "access.new-telephone"


@dataclass(frozen=True, slots=True)
class Change:
    """What a checker is shown of a change of rights. Nobody of `concerns` may approve it."""

    summary: str
    effects: tuple[tuple[str, str], ...]
    subject_url: str | None = None
    branch_id: UUID | None = None
    concerns: frozenset[UUID] = frozenset()


class Desk(Protocol):
    """Takes a command that waits, and tells what waits for a page."""

    def submit(self, session: Session, actor: Actor, clock: Clock, kind: str, command: Any, reason: str) -> UUID: ...

    def waiting(self, session: Session, subject_url: str) -> list[tuple[str, str]]: ...


_bound: dict[str, Desk] = {}


def bind_desk(desk: Desk) -> None:
    """Called once when the application is built."""
    _bound["desk"] = desk


def desk() -> Desk:
    return _bound["desk"]
