"""Facts of the access room that other rooms hear of. No event carries a token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ResetRequested:
    """Somebody forgot the password. Whoever sends the message calls `service.issue_reset_link` for the token."""

    topic: ClassVar[str] = "access.reset_requested"
    user_id: UUID
    email: str
    ip: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A user signed in with a browser that was not seen before."""

    topic: ClassVar[str] = "access.new_device"
    user_id: UUID
    email: str
    device: str
    ip: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link to set a user's password was shown to somebody else, to be handed over."""

    topic: ClassVar[str] = "access.link_shown"
    user_id: UUID
    shown_to: str
    at: datetime
