"""Reads of the API room."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sacco_app.api import rules
from sacco_app.api.models import ApiDevice
from sacco_app.api.types import DeviceFacts
from sacco_app.kernel.clock import Clock
from sacco_app.members import pins
from sacco_app.members.types import PinState

SIGNED_IN = (PinState.ACTIVE, PinState.LOCKED)


def facts(row: ApiDevice) -> DeviceFacts:
    """A device's row as facts."""
    return DeviceFacts(**{name: getattr(row, name) for name in DeviceFacts.__dataclass_fields__})


def holds(session: Session, clock: Clock, device: ApiDevice) -> bool:
    """True while the device is signed in by the PIN of today: one that was changed, blocked or issued anew ends it.

    A PIN that is locked after wrong tries does not: whoever knows a phone number could sign its owner out. A device that
    was silent for as long as a refresh token lives has none left.
    """
    now = clock.now()
    if device.ended_at is not None or device.expires_at <= now or device.last_seen_at <= now - rules.REFRESH_LIVES:
        return False
    access = pins.channel_access(session, device.member_id)
    chosen_at = max(filter(None, (access.issued_at, access.changed_at)), default=None)
    return access.state in SIGNED_IN and chosen_at is not None and chosen_at <= device.signed_in_at


def live_device(session: Session, clock: Clock, device_id: UUID) -> DeviceFacts | None:
    """The device if it is still signed in."""
    row = session.get(ApiDevice, device_id)
    return facts(row) if row is not None and holds(session, clock, row) else None


def devices_of(session: Session, clock: Clock, member_id: UUID) -> list[DeviceFacts]:
    """The devices on which a member is signed in, the latest seen first."""
    query = open_devices(member_id)
    return [facts(row) for row in session.scalars(query) if holds(session, clock, row)]


def open_devices(member_id: UUID) -> Select[ApiDevice]:
    """The member's devices that nobody has ended, the latest seen first."""
    query = select(ApiDevice).where(ApiDevice.member_id == member_id, ApiDevice.ended_at.is_(None))
    return query.order_by(ApiDevice.last_seen_at.desc(), ApiDevice.id.desc())
