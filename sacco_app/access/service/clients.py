"""Programs that call the API: who they are, what they may do, their secrets (RFC 6749, client credentials).

To let one in, or to let it do more, takes two people; to shut one out takes one.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access import queries
from sacco_app.access.catalogue import SCOPES, permissions_for
from sacco_app.access.errors import (
    BranchNotYours,
    ClientRevoked,
    LastSecret,
    NetworkNotUnderstood,
    ScopeUnknown,
    SecretNotAllowed,
    TwoSecretsAlready,
)
from sacco_app.access.models import ApiClient, ApiClientSecret, LoginAttempt, User
from sacco_app.access.queries import branches_of
from sacco_app.access.service.users import set_branches
from sacco_app.access.types import (
    AccessPermission,
    CreateClient,
    NewSecret,
    Outcome,
    RotateSecret,
    SaveClient,
    UpdateClient,
)
from sacco_app.kernel import appends, audit
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_code, new_id

SECRETS_AT_ONCE = 2
TOUCH_AFTER = timedelta(seconds=60)
SHOWN_WITHIN = timedelta(hours=24)
_NOBODY = hashlib.sha256(secrets.token_bytes(32)).hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def create_client(session: Session, actor: Actor, clock: Clock, command: CreateClient) -> UUID:
    """Let a program in: the second person's act. Who asked may be shown its secret, once.

    Raises ScopeUnknown, NetworkNotUnderstood, BranchNotYours.
    """
    actor.require(AccessPermission.CLIENT_APPROVE)
    check_client(actor, command.client)
    name = command.client.name
    user = User(id=new_id(), email=f"client:{new_code(12)}", name=name, is_active=False, is_technical=True)
    session.add(user)
    session.flush()  # the client's row names the user's
    client = ApiClient(id=user.id, client_id=f"client-{new_code(16).lower()}", created_at=clock.now())
    _apply(session, user, client, command.client)
    session.add(client)
    session.flush()
    _add_secret(session, clock, client.id, command.maker_id)
    return client.id


def update_client(session: Session, actor: Actor, clock: Clock, command: UpdateClient) -> None:
    """Change what a program may do, from where and until when: the second person's act, in force at once.

    Raises as `create_client`, ClientRevoked, NotFound.
    """
    actor.require(AccessPermission.CLIENT_APPROVE)
    client = open_client(session, actor, command.client_id)
    check_client(actor, command.client)
    _apply(session, session.get_one(User, client.id), client, command.client)


def check_client(actor: Actor, command: SaveClient) -> None:
    """Raise what `create_client` would refuse: ScopeUnknown, NetworkNotUnderstood, BranchNotYours."""
    unknown = [scope for scope in command.scopes if scope not in SCOPES]
    if unknown:
        raise ScopeUnknown(scope=unknown[0])
    for text in command.networks:
        _network(text)
    if actor.branch_ids is not None and not (command.branches and actor.branch_ids.issuperset(command.branches)):
        raise BranchNotYours


def _apply(session: Session, user: User, client: ApiClient, command: SaveClient) -> None:
    user.name, user.all_branches = command.name, not command.branches
    user.branch_id = command.branches[0] if command.branches else None
    set_branches(session, user, command.branches)
    client.contact, client.scopes, client.expires_at = command.contact, sorted(command.scopes), command.expires_at
    client.networks = [_network(text) for text in command.networks]


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise NetworkNotUnderstood(text=text) from error


def _add_secret(session: Session, clock: Clock, client_id: UUID, shown_to: UUID) -> None:
    """A secret to be made when it is shown; one that nobody came for ends."""
    for row in session.scalars(queries.secrets_to_show(client_id)):
        row.retired_at = clock.now()
    unknown = _hash(secrets.token_urlsafe(32))
    row = ApiClientSecret(client_id=client_id, secret_hash=unknown, hint="", created_at=clock.now(), shown_to=shown_to)
    session.add(row)


def _good_secrets(session: Session, client_id: UUID) -> list[ApiClientSecret]:
    query = select(ApiClientSecret).where(
        ApiClientSecret.client_id == client_id,
        ApiClientSecret.retired_at.is_(None),
        ApiClientSecret.shown_to.is_(None),
    )
    return list(session.scalars(query.order_by(ApiClientSecret.created_at)))


def open_client(session: Session, actor: Actor, client_id: UUID) -> ApiClient:
    """The locked row of a client that is not revoked and sees nothing that the actor does not. Raises NotFound, ClientRevoked."""
    client = session.get(ApiClient, client_id, with_for_update=True, populate_existing=True)
    if client is None:
        raise NotFound(what="API client")
    require_sight(session, actor, client_id)
    if client.revoked_at is not None:
        raise ClientRevoked
    return client


def require_sight(session: Session, actor: Actor, client_id: UUID) -> None:
    """Raise NotPermitted unless the actor sees every branch that the client sees."""
    user = session.get_one(User, client_id)
    for branch_id in {None if user.all_branches else user.branch_id, *branches_of(session, client_id)}:
        actor.require_branch(branch_id)


def check_rotate(session: Session, actor: Actor, client_id: UUID) -> ApiClient:
    """The locked client, if it may have one more secret. Raises TwoSecretsAlready, ClientRevoked, NotFound."""
    client = open_client(session, actor, client_id)
    if len(_good_secrets(session, client.id)) >= SECRETS_AT_ONCE:
        raise TwoSecretsAlready
    return client


def rotate_secret(session: Session, actor: Actor, clock: Clock, command: RotateSecret) -> None:
    """Let who asked be shown a secret beside the present one: the second person's act. Raises as `check_rotate`."""
    actor.require(AccessPermission.CLIENT_APPROVE)
    client = check_rotate(session, actor, command.client_id)
    _add_secret(session, clock, client.id, command.maker_id)


def show_secret(session: Session, actor: Actor, clock: Clock, client_id: UUID) -> NewSecret:
    """Make the secret that a second person has allowed this actor to see; it is told this once, and good from now on.

    Raises SecretNotAllowed without that, a day after it, and the second time; TwoSecretsAlready, ClientRevoked.
    """
    actor.require(AccessPermission.CLIENT_EDIT)
    client = check_rotate(session, actor, client_id)
    since = clock.now() - SHOWN_WITHIN
    row = session.scalars(queries.secrets_to_show(client.id, actor.user_id, since).with_for_update()).first()
    if row is None:
        raise SecretNotAllowed
    secret = secrets.token_urlsafe(32)
    row.secret_hash, row.hint, row.shown_to = _hash(secret), secret[-4:], None
    return NewSecret(client.id, client.client_id, secret)


def retire_secret(session: Session, actor: Actor, clock: Clock, client_id: UUID, secret_id: UUID) -> None:
    """End one of two secrets, now that the program uses the other. Raises LastSecret, NotFound, ClientRevoked."""
    actor.require(AccessPermission.CLIENT_EDIT)
    client = open_client(session, actor, client_id)
    good = _good_secrets(session, client.id)
    row = next((row for row in good if row.id == secret_id), None)
    if row is None:
        raise NotFound(what="secret")
    if len(good) == 1:
        raise LastSecret
    row.retired_at = clock.now()


def revoke_client(session: Session, actor: Actor, clock: Clock, client_id: UUID, reason: str) -> None:
    """Shut a program out for good; tokens that it holds are refused at their next use. Raises ClientRevoked."""
    actor.require(AccessPermission.CLIENT_EDIT)
    client = open_client(session, actor, client_id)
    client.revoked_at = clock.now()
    for row in _good_secrets(session, client.id):
        row.retired_at = clock.now()
    audit.record(session, "access.client_revoked", ("api_clients", client.id), reason=reason)


def authenticate_client(session: Session, clock: Clock, client_id: str, secret: str, ip: str) -> Actor | None:
    """The program behind an id and a secret, with the permissions of its scopes; None when it is refused.

    Refused and noted among the sign-ins: an unknown id, a wrong or retired secret, a client that is revoked or too old,
    an address that is not on its list. It answers and does not raise, so that the note stays.
    """
    client = session.scalars(select(ApiClient).where(ApiClient.client_id == client_id[:32])).first()
    good = _good_secrets(session, client.id) if client else []
    given = _hash(secret)
    fits = [hmac.compare_digest(stored, given) for stored in [*(row.secret_hash for row in good), _NOBODY]]
    if client is None or not any(fits) or not _is_open(client, clock, ip):
        _note(session, clock, client_id, client, ip)
        return None
    return _acting(session, clock, client, ip)


def client_actor(session: Session, clock: Clock, client_id: UUID, ip: str) -> Actor | None:
    """The program that holds a token given out before; None when it was shut out since, or calls from elsewhere."""
    client = session.get(ApiClient, client_id)
    return _acting(session, clock, client, ip) if client is not None and _is_open(client, clock, ip) else None


def _is_open(client: ApiClient, clock: Clock, ip: str) -> bool:
    if client.revoked_at is not None or (client.expires_at is not None and client.expires_at <= clock.now()):
        return False
    return not client.networks or _is_within(ip, client.networks)


def _is_within(ip: str, networks: Iterable[str]) -> bool:
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in networks)


def _acting(session: Session, clock: Clock, client: ApiClient, ip: str) -> Actor:
    now = clock.now()
    if session.info.get("in_transaction") and (client.last_used_at is None or now - client.last_used_at > TOUCH_AFTER):
        client.last_used_at, client.last_used_ip = now, ip[:45]
    user = session.get_one(User, client.id)
    own = {user.branch_id} if user.branch_id else set()
    return Actor(
        user_id=user.id,
        name=user.name,
        permissions=permissions_for(client.scopes),
        branch_id=user.branch_id,
        branch_ids=None if user.all_branches else frozenset({*own, *branches_of(session, user.id)}),
        ip=ip,
        channel="api",
    )


def _note(session: Session, clock: Clock, named: str, client: ApiClient | None, ip: str) -> None:
    appends.append(
        session,
        LoginAttempt,
        id=new_id(),
        at=clock.now(),
        email=named[:120],
        user_id=client.id if client else None,
        outcome=Outcome.CLIENT_REFUSED.value,
        ip=ip[:45],
        device="API client",
    )
