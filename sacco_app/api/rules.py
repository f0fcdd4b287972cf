"""How long tokens live, and how they are made. Pure."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

ACCESS_LIVES = timedelta(minutes=10)
REFRESH_LIVES = timedelta(days=30)
DEVICE_LIVES = timedelta(days=180)
DEVICES = 5


def new_refresh_token() -> str:
    """256 bits that nobody guesses."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a refresh token. A plain hash does: nobody tries all of 256 bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def refresh_expiry(now: datetime, device_expires_at: datetime) -> datetime:
    """A refresh token lives for 30 days, and never longer than its device's 180 days since the PIN was typed."""
    return min(now + REFRESH_LIVES, device_expires_at)
