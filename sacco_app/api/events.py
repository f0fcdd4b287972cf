"""Facts of the API room that others hear of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DeviceSignedIn:
    """An app was signed in with the PIN. The name that the device gave itself is not told: a stranger chose it."""

    topic: ClassVar[str] = "api.device_signed_in"
    member_id: UUID
    device_id: UUID
    at: datetime
