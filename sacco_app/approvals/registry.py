"""The kinds of command that can wait. Rooms above register theirs when the application is built."""

from __future__ import annotations

from typing import Any

from sacco_app.approvals.types import CommandKind

_kinds: dict[str, CommandKind[Any]] = {}


def register_kind(kind: CommandKind[Any]) -> None:
    """Make a kind known; registering it again replaces it (several applications in one process)."""
    _kinds[kind.name] = kind


def get_kind(name: str) -> CommandKind[Any]:
    return _kinds[name]


def all_kinds() -> list[CommandKind[Any]]:
    return sorted(_kinds.values(), key=lambda kind: kind.title)
