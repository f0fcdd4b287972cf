"""Who may call an operation. Each names one: anybody, a member's token, or a client's token with a scope.

Deny by default: `operation` does not take a view without a guard, and a test walks the URL map. No cookie is read here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from flask import g, request

from sacco_app.access.catalogue import SCOPES, permissions_for
from sacco_app.access.service import clients
from sacco_app.api import queries, tokens
from sacco_app.api.errors import DeviceEnded, ScopeMissing, TokenInvalid, WrongKindOfToken
from sacco_app.api.types import Kind
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.members import pins
from sacco_app.members.errors import MemberNotActive
from sacco_app.webkit.auth import Door, current_clock

CHANNEL = "api"
CONTACT = "members:contact"


@dataclass(frozen=True, slots=True)
class Guard:
    """A door, and how the document describes it: the security scheme (None: no token), its scopes, how it refuses."""

    door: Door
    scheme: str | None = None
    scopes: tuple[str, ...] = ()
    failures: tuple[int, ...] = (401, 403)


def visitor() -> Actor:
    """Nobody yet, but with an address for the audit trail."""
    return Actor(UUID(int=0), "Visitor", ip=request.remote_addr or "", channel=CHANNEL)


def _let_in() -> None:
    g.actor = visitor()


def _claims(kind: Kind, wanted: str) -> dict[str, str]:
    claims = tokens.read()
    if claims.get("kind") != kind.value:
        raise WrongKindOfToken(wanted=wanted)
    return claims


def _check_member() -> None:
    """A member's token, on a device that is still signed in. A PIN that was changed or taken away ends every device."""
    claims = _claims(Kind.MEMBER, "members' apps")
    session, clock = db.session(), current_clock()
    try:
        member_id, device_id = UUID(claims["sub"]), UUID(claims["sid"])
    except (KeyError, ValueError) as error:
        raise TokenInvalid from error
    device = queries.live_device(session, clock, device_id)
    if device is None or device.member_id != member_id:
        raise DeviceEnded
    try:
        actor = pins.member_actor(session, member_id, CHANNEL, request.remote_addr or "")
    except (NotFound, MemberNotActive) as error:
        raise DeviceEnded from error
    g.actor = replace(actor, session_id=device_id)


def _check_client(scope: str) -> None:
    """A client's token that was given this scope, of a client that still has it and may call from here."""
    claims = _claims(Kind.CLIENT, "partners' programs")
    try:
        client_id = UUID(claims["sub"])
    except ValueError as error:
        raise TokenInvalid from error
    actor = clients.client_actor(db.session(), current_clock(), client_id, request.remote_addr or "")
    if actor is None:
        raise TokenInvalid
    given = frozenset(claims.get("scope", "").split()) & actor.permissions
    if scope not in given:
        raise ScopeMissing(scope=scope)
    g.actor = replace(actor, permissions=permissions_for(given))


def client(scope: str) -> Guard:
    """The guard of an operation for partners with this scope."""
    assert scope in SCOPES
    return Guard(Door(f"client {scope}", "partners", partial(_check_client, scope)), "client", (scope,))


ANYBODY = Guard(Door("anybody", "everybody", _let_in), failures=())
MEMBER = Guard(Door("member-token", "members", _check_member), "member")
CLIENT_SECRET = Guard(Door("anybody", "everybody", _let_in), "client_secret", failures=(401,))
