"""Every message of the house, in words (data/messages.json); the rooms that send them name their codes."""

from __future__ import annotations

import json
from importlib.resources import files

from sacco_app.kernel.errors import NotFound
from sacco_app.notifications.types import Channel, MessageKind, Purpose, Variable

_DATA = json.loads((files("sacco_app.notifications") / "data" / "messages.json").read_text())
VARIABLES = {name: Variable(name, *told) for name, told in _DATA["variables"].items()}


def _kind(code: str, told: dict) -> MessageKind:
    return MessageKind(
        code=code,
        title=told["title"],
        channel=Channel(told["channel"]),
        purpose=Purpose(told["purpose"]),
        variables=tuple(told["variables"]),
        texts=told["texts"],
        subjects=told.get("subjects", {}),
        secrets=frozenset(told.get("secrets", ())),
    )


KINDS = {code: _kind(code, told) for code, told in _DATA["messages"].items()}


def kind(code: str) -> MessageKind:
    """The message with a code. Raises NotFound."""
    if code not in KINDS:
        raise NotFound(what="message", code=code)
    return KINDS[code]


def examples(told: MessageKind) -> dict[str, str]:
    """A value for each place of a message, to look at."""
    return {name: VARIABLES[name].example for name in told.variables}


def longest(told: MessageKind) -> dict[str, str]:
    """The longest value that is to be reckoned with for each place of a message."""
    return {name: VARIABLES[name].longest for name in told.variables}
