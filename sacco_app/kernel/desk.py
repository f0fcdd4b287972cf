"""The desk at which changes wait for a second person. Rooms below the approvals room ask over it; that room takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Change:
    """What a checker is shown of a change. Nobody of `concerns` (user ids) may approve it."""

    summary: str
    effects: tuple[tuple[str, str], ...]
    subject_url: str | None = None
    branch_id: UUID | None = None
    concerns: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """A kind of change of a lower room: its name and title, the frozen command, the checker's right, what it tells and does.

    `execute` returns the address of what came of it.
    """

    name: str
    title: str
    command: type[Any]
    permission: str
    describe: Callable[[Session, Any], Change]
    execute: Callable[[Session, Actor, Clock, Any, UUID], str]


class Desk(Protocol):
    """Takes a command that waits, and tells what waits: words and address."""

    def submit(self, session: Session, actor: Actor, clock: Clock, kind: str, command: Any, reason: str) -> UUID: ...

    def waiting(self, session: Session, subject_url: str) -> list[tuple[str, str]]: ...


_bound: dict[str, Desk] = {}
_kinds: dict[str, ChangeKind] = {}


def register_change(kind: ChangeKind) -> None:
    """Offer a kind of change; the room that owns it calls this when its module is loaded."""
    _kinds[kind.name] = kind


def change_kinds() -> list[ChangeKind]:
    """Every kind of change that was registered."""
    return list(_kinds.values())


def bind_desk(desk: Desk) -> None:
    """Take the desk; called once when the application is built."""
    _bound["desk"] = desk


def desk() -> Desk:
    """Whoever took the desk."""
    return _bound["desk"]
