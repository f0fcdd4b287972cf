"""Every permission of the house, in words (data/permissions.json); the rooms name theirs in their types."""

from __future__ import annotations

import json
from importlib.resources import files

PERMISSIONS: dict[str, str] = json.loads((files("sacco_app.access") / "data" / "permissions.json").read_text())


def by_room() -> dict[str, list[tuple[str, str]]]:
    """The permissions and their words, by room, in the order of the file."""
    rooms: dict[str, list[tuple[str, str]]] = {}
    for permission, words in PERMISSIONS.items():
        rooms.setdefault(permission.split(":", maxsplit=1)[0].capitalize(), []).append((permission, words))
    return rooms
