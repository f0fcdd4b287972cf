"""Every permission of the house, in words (data/permissions.json), and what each scope of an API client opens (data/scopes.json)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files

_DATA = files("sacco_app.access") / "data"
PERMISSIONS: dict[str, str] = json.loads((_DATA / "permissions.json").read_text())
_SCOPES = json.loads((_DATA / "scopes.json").read_text())
SCOPES: dict[str, str] = {scope: told["words"] for scope, told in _SCOPES.items()}


def by_room() -> dict[str, list[tuple[str, str]]]:
    """The permissions and their words, by room, in the order of the file."""
    rooms: dict[str, list[tuple[str, str]]] = {}
    for permission, words in PERMISSIONS.items():
        rooms.setdefault(permission.split(":", maxsplit=1)[0].capitalize(), []).append((permission, words))
    return rooms


def permissions_for(scopes: Iterable[str]) -> frozenset[str]:
    """What an API client with these scopes may do: the permissions behind them, and the scopes themselves."""
    known = [scope for scope in scopes if scope in _SCOPES]
    return frozenset(known) | {name for scope in known for name in _SCOPES[scope]["permissions"]}
