"""Nudges: "something changed here", told to open pages after the commit. They carry no data, and losing one loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.uow import after_commit

EVERYWHERE = "everywhere"
Sender = Callable[[Sequence[tuple[str, str]]], None]
_sender: dict[str, Sender] = {}


def bind_sender(sender: Sender) -> None:
    """Say how nudges travel: `sender([(room, name), ...])`, once for a transaction. It must not raise."""
    _sender["it"] = sender


def branch_room(branch_id: UUID) -> str:
    """Everybody who sees the branch."""
    return f"branch:{branch_id}"


def user_room(user_id: UUID) -> str:
    """One person, on whatever screens."""
    return f"user:{user_id}"


def nudge(session: Session, room: str, name: str) -> None:
    """Once this transaction is committed, tell the pages of a room that `name` changed. Twice tells it once."""
    waiting: set[tuple[str, str]] = session.info["nudges"]
    if not waiting:
        after_commit(session, lambda: _send(waiting))
    waiting.add((room, name))


def _send(waiting: set[tuple[str, str]]) -> None:
    sender = _sender.get("it")
    if sender:
        sender(sorted(waiting))
