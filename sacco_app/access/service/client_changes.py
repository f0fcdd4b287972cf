"""Programs of partners are let in by two people: what is asked for, how it is told, how it is carried out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries
from sacco_app.access.catalogue import SCOPES
from sacco_app.access.errors import ChangeWaits
from sacco_app.access.models import ApiClient, User
from sacco_app.access.service import clients
from sacco_app.access.types import AccessPermission, CreateClient, RotateSecret, SaveClient, UpdateClient
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_instant
from sacco_app.kernel.desk import Change, ChangeKind, desk, register_change
from sacco_app.organisation import queries as organisation

CREATE_CLIENT = "access.create-client"
UPDATE_CLIENT = "access.update-client"
ROTATE_SECRET = "access.rotate-secret"  # noqa: S105 - the name of a command
FIELDS = ("Name", "Whom to call", "May", "Sees", "Calls from", "Ends")


def client_url(client_id: UUID) -> str:
    return f"/api-clients/{client_id}"


def ask_create_client(session: Session, actor: Actor, clock: Clock, command: SaveClient, reason: str = "") -> UUID:
    """Ask for a new program. Raises ScopeUnknown, NetworkNotUnderstood, BranchNotYours."""
    actor.require(AccessPermission.CLIENT_EDIT)
    clients.check_client(actor, command)
    return desk().submit(session, actor, clock, CREATE_CLIENT, CreateClient(command, actor.user_id), reason)


def ask_update_client(session: Session, actor: Actor, clock: Clock, command: UpdateClient, reason: str = "") -> UUID:
    """Ask for other rights of a program. Raises as `ask_create_client`, ClientRevoked, ChangeWaits."""
    actor.require(AccessPermission.CLIENT_EDIT)
    clients.open_client(session, actor, command.client_id)
    clients.check_client(actor, command.client)
    _refuse_second(session, command.client_id)
    return desk().submit(session, actor, clock, UPDATE_CLIENT, command, reason)


def ask_rotate_secret(session: Session, actor: Actor, clock: Clock, client_id: UUID) -> UUID:
    """Ask for a second secret beside the present one. Raises TwoSecretsAlready, ClientRevoked, ChangeWaits."""
    actor.require(AccessPermission.CLIENT_EDIT)
    clients.check_rotate(session, actor, client_id)
    _refuse_second(session, client_id)
    return desk().submit(session, actor, clock, ROTATE_SECRET, RotateSecret(client_id, actor.user_id), "")


def _refuse_second(session: Session, client_id: UUID) -> None:
    if desk().waiting(session, client_url(client_id)):
        raise ChangeWaits


def _words(session: Session, command: SaveClient) -> tuple[str, ...]:
    """What is to be true, field by field, as a second person reads it."""
    names = {branch.id: branch.name for branch in organisation.list_branches(session)}
    return (
        command.name,
        command.contact,
        "; ".join(SCOPES[scope] for scope in sorted(command.scopes) if scope in SCOPES),
        ", ".join(sorted(names.get(one, "?") for one in command.branches)) or "every branch",
        ", ".join(sorted(command.networks)) or "anywhere",
        format_instant(command.expires_at) if command.expires_at else "without end",
    )


def present(session: Session, client_id: UUID) -> SaveClient:
    """What is true of a program now."""
    row, user = session.get_one(ApiClient, client_id), session.get_one(User, client_id)
    seen: Iterable[UUID | None] = (
        () if user.all_branches else (user.branch_id, *queries.branches_of(session, client_id))
    )
    ends: datetime | None = row.expires_at
    branches = tuple(one for one in seen if one)
    return SaveClient(user.name, row.contact, tuple(row.scopes), tuple(row.networks), branches, ends)


def _branch(command: SaveClient) -> UUID | None:
    return command.branches[0] if len(command.branches) == 1 else None


def _seer(session: Session, user_id: UUID) -> tuple[str, str]:
    return "Secret shown once to", session.get_one(User, user_id).name


def describe_create_client(session: Session, command: CreateClient) -> Change:
    effects = (*zip(FIELDS, _words(session, command.client), strict=True), _seer(session, command.maker_id))
    return Change(f"New API client {command.client.name}", effects, None, _branch(command.client))


def describe_update_client(session: Session, command: UpdateClient) -> Change:
    """Every field with what it is and what it becomes."""
    before = present(session, command.client_id)
    turned = zip(FIELDS, _words(session, before), _words(session, command.client), strict=True)
    effects = tuple((field, old if old == new else f"{old} → {new}") for field, old, new in turned)
    return Change(f"Change API client {before.name}", effects, client_url(command.client_id), _branch(before))


def describe_rotate_secret(session: Session, command: RotateSecret) -> Change:
    now = present(session, command.client_id)
    effects = (
        ("Client", now.name),
        ("Whom to call", now.contact),
        ("Present secret", "stays good until it is retired"),
        _seer(session, command.maker_id),
    )
    return Change(f"New secret of {now.name}", effects, client_url(command.client_id), _branch(now))


def execute_create_client(session: Session, actor: Actor, clock: Clock, command: CreateClient, request_id: UUID) -> str:
    return client_url(clients.create_client(session, actor, clock, command))


def execute_update_client(session: Session, actor: Actor, clock: Clock, command: UpdateClient, request_id: UUID) -> str:
    clients.update_client(session, actor, clock, command)
    return client_url(command.client_id)


def execute_rotate_secret(session: Session, actor: Actor, clock: Clock, command: RotateSecret, request_id: UUID) -> str:
    clients.rotate_secret(session, actor, clock, command)
    return client_url(command.client_id)


def register() -> None:
    """Offer the kinds at the desk."""
    right = AccessPermission.CLIENT_APPROVE
    for kind in (
        ChangeKind(CREATE_CLIENT, "New API client", CreateClient, right, describe_create_client, execute_create_client),
        ChangeKind(
            UPDATE_CLIENT, "Change of an API client", UpdateClient, right, describe_update_client, execute_update_client
        ),
        ChangeKind(
            ROTATE_SECRET, "Secret of an API client", RotateSecret, right, describe_rotate_secret, execute_rotate_secret
        ),
    ):
        register_change(kind)
