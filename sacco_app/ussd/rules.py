"""Pure rules of the USSD room: which hop is new, what was typed on it."""

from __future__ import annotations

from datetime import timedelta

STALE_AFTER = timedelta(minutes=5)  # no operator keeps a session open as long (channels 1.1: 180 seconds)


def typed_since(length: int, path: str) -> str:
    """What the path has grown by: a star that was typed is part of it, so the path is never split."""
    return path[length + 1 :] if length else path
