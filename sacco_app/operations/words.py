"""What the pages of the operations room say of a job: enough to cure it, too little to learn of a member."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sacco_app.kernel.masking import masked_text


def of_topic(topic: str) -> str:
    """`documents.bulk_requested` as people say it: `Documents: bulk requested`."""
    room, _, fact = topic.partition(".")
    return f"{room.capitalize()}: {fact.replace('_', ' ')}"


def told(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an event says, masked. Ids, and the instant that the page shows already, are left out."""
    shown = ((name, value) for name, value in sorted(payload.items()) if name != "at" and not _is_id(value))
    return [(name.replace("_", " ").capitalize(), masked_text(_plain(value))) for name, value in shown]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(one)}" for name, one in sorted(value.items()) if not _is_id(one))
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value if not _is_id(one))
    return "" if value is None else str(value)


def _is_id(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False
