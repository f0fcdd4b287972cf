"""Pure rules of the USSD room: which hop is new, what was typed on it, how a telephone is masked."""

from __future__ import annotations

from datetime import timedelta

STALE_AFTER = timedelta(minutes=5)  # no operator keeps a session open as long (channels 1.1: 180 seconds)


def typed_since(length: int, path: str) -> str:
    """What the path has grown by: a star that was typed is part of it, so the path is never split."""
    return path[length + 1 :] if length else path


def masked_phone(phone: str) -> str:
    """`+25677****123`: enough to recognise, too little to call."""
    return f"{phone[:6]}{'*' * max(0, len(phone) - 9)}{phone[-3:]}" if len(phone) > 9 else "*" * len(phone)
