"""Words of the access room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sacco_app.kernel.actor import Actor

CHANNEL_USERS = {
    "ussd": UUID(int=1),
    "api": UUID(int=2),
    "mobile_money": UUID(int=3),
    "bank": UUID(int=4),
    "checkoff": UUID(int=5),
}
"""The technical user that stands as maker for what comes in over a channel (ADR 0006). Nobody signs in as one."""


class AccessPermission(StrEnum):
    USER_VIEW = "access:user:view"
    USER_EDIT = "access:user:edit"
    USER_APPROVE = "access:user:approve"
    ROLE_VIEW = "access:role:view"
    ROLE_EDIT = "access:role:edit"
    AUDIT_VIEW = "access:audit:view"
    SESSION_REVOKE = "access:session:revoke"
    CLIENT_VIEW = "access:client:view"
    CLIENT_EDIT = "access:client:edit"
    CLIENT_APPROVE = "access:client:approve"


class Outcome(StrEnum):
    """What came of a knock at the door."""

    DONE = "signed_in"
    WRONG = "refused"
    WRONG_CODE = "wrong_code"
    LOCKED = "locked"
    FLOODED = "address_blocked"
    CLIENT_REFUSED = "client_refused"


class SignInState(StrEnum):
    """How far a sign-in got."""

    REFUSED = "refused"
    CODE_NEEDED = "code_needed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class UserFacts:
    """A member of staff as other rooms see it."""

    id: UUID
    email: str
    name: str
    roles: tuple[str, ...]
    branch_id: UUID | None


@dataclass(frozen=True, slots=True)
class CreateUser:
    """A new member of staff. Without a password the user gets a link to set one. `member_id` when they save here too."""

    email: str
    name: str
    roles: tuple[str, ...]
    branch_id: UUID | None
    all_branches: bool = False
    password: str | None = None
    branches: tuple[UUID, ...] = ()
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class UpdateUser:
    """What is to be true of a member of staff from now on; `branches` are those besides the own one."""

    user_id: UUID
    email: str
    name: str
    roles: tuple[str, ...]
    branch_id: UUID | None
    all_branches: bool
    is_active: bool
    branches: tuple[UUID, ...] = ()
    member_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NewTelephone:
    """A user may enrol another telephone."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class ShowLink:
    """Where no mail server is set, a link to set a user's password may be shown to who asks for it, once."""

    user_id: UUID
    maker_id: UUID


@dataclass(frozen=True, slots=True)
class SaveRole:
    """A role and everything that it may do from now on; without `role_id` a new one."""

    code: str
    name: str
    requires_totp: bool
    permissions: tuple[str, ...]
    role_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed at the door, and from where."""

    email: str
    password: str
    ip: str
    device: str


@dataclass(frozen=True, slots=True)
class SignInResult:
    """`user_id` is set when the password was right; `session_id` when the door is open."""

    state: SignInState
    message: str = ""
    user_id: UUID | None = None
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The person behind a request, loaded with one query."""

    actor: Actor
    session_id: UUID
    email: str
    started_at: datetime
    last_seen_at: datetime
    must_enrol: bool
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class SaveClient:
    """What is to be true of a program that calls the API. No `networks`: from anywhere. No `branches`: every branch."""

    name: str
    contact: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...] = ()
    branches: tuple[UUID, ...] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CreateClient:
    """A new program. `maker_id` is who may be shown its secret, once."""

    client: SaveClient
    maker_id: UUID


@dataclass(frozen=True, slots=True)
class UpdateClient:
    """Other rights of a program."""

    client_id: UUID
    client: SaveClient


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """One more secret of a program. `maker_id` is who may be shown it, once."""

    client_id: UUID
    maker_id: UUID


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A client's id and its new secret in clear, told once."""

    id: UUID
    client_id: str
    secret: str
