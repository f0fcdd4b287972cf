"""Words of the API room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """Whose access token it is."""

    MEMBER = "member"
    CLIENT = "client"


class EndedBecause(StrEnum):
    """Why a device has to sign in again."""

    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    CROWDED_OUT = "crowded_out"
    TOKEN_REUSED = "token_reused"  # noqa: S105 - a reason, not a secret


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A member's app on one telephone, as its owner sees it."""

    id: UUID
    member_id: UUID
    name: str
    ip: str
    signed_in_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefreshGrant:
    """A refresh token in clear: it is told once and kept only as a hash."""

    device: DeviceFacts
    refresh_token: str
    expires_at: datetime


class StatementStatus(StrEnum):
    """How far a statement of account is."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"
