"""Who may call an operation. Each names one: anybody, a member's token, or a client's token with a scope.

Deny by default: `operation` does not take a view without a guard, and a test walks the URL map. No cookie is read here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from flask import g, request

from sacco_app.api import queries, tokens
from sacco_app.api.errors import DeviceEnded, TokenInvalid, WrongKindOfToken
from sacco_app.api.types import Kind
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.members import pins
from sacco_app.members.errors import MemberNotActive
from sacco_app.webkit.auth import Door, current_clock

CHANNEL = "api"


@dataclass(frozen=True, slots=True)
class Guard:
    """A door, and how the document describes it: the security scheme (None: no token) with its scopes."""

    door: Door
    scheme: str | None = None
    scopes: tuple[str, ...] = ()


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


ANYBODY = Guard(Door("anybody", "everybody", _let_in))
MEMBER = Guard(Door("member-token", "members", _check_member), "member")
