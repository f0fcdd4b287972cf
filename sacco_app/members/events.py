"""Facts of the members room that other rooms hear of. No event carries a PIN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PinIssued:
    """Staff gave out a temporary PIN; the member is told on the phone, so that nobody does it behind their back."""

    topic: ClassVar[str] = "members.pin_issued"
    member_id: UUID
    phone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PinChanged:
    """The member chose a PIN."""

    topic: ClassVar[str] = "members.pin_changed"
    member_id: UUID
    phone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChannelLocked:
    """Too many wrong PINs."""

    topic: ClassVar[str] = "members.channel_locked"
    member_id: UUID
    phone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ChannelBlocked:
    """Staff or the member shut the channels."""

    topic: ClassVar[str] = "members.channel_blocked"
    member_id: UUID
    phone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Admitted:
    """An applicant became a member."""

    topic: ClassVar[str] = "members.admitted"
    member_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class PhoneChanged:
    """Another telephone number stands on the member's record; both are told."""

    topic: ClassVar[str] = "members.phone_changed"
    member_id: UUID
    old_phone: str
    phone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """A member took a step of the life cycle: accounts, loans and channels follow."""

    topic: ClassVar[str] = "members.status_changed"
    member_id: UUID
    old: str
    new: str
    at: datetime
