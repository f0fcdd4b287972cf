"""Sign-in, tokens, devices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy.orm import Session

from sacco_app.api import queries, rules, service, tokens
from sacco_app.api.blueprint import blueprint, operation
from sacco_app.api.errors import PinMustChange, RefreshRefused, SignInRefused
from sacco_app.api.guards import ANYBODY, CHANNEL, MEMBER
from sacco_app.api.limits import REFRESH
from sacco_app.api.schemas import door as schemas
from sacco_app.api.types import EndedBecause, Kind, RefreshGrant
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.uow import run
from sacco_app.members import pins
from sacco_app.members.errors import PinTooWeak
from sacco_app.members.types import PinCheck, PinOutcome
from sacco_app.webkit.auth import current_actor, current_clock

TAG = "Sign-in"


def _told(grant: RefreshGrant) -> dict[str, Any]:
    device = grant.device
    return {
        "access_token": tokens.issue(Kind.MEMBER, device.member_id, device_id=device.id),
        "token_type": "Bearer",
        "expires_in": int(rules.ACCESS_LIVES.total_seconds()),
        "refresh_token": grant.refresh_token,
        "refresh_expires_at": grant.expires_at,
        "device_id": device.id,
    }


def _try_pin(phone: str, check: Any) -> UUID:
    """Run a check of the PIN in a transaction of its own: a wrong try stays counted. Gives the member's id."""
    actor, clock = g.actor, current_clock()

    def work(session: Session) -> tuple[UUID | None, PinCheck]:
        found = pins.find_by_phone(session, phone)
        return (found.id if found else None), check(session, found.id if found else None)

    member_id, outcome = run(actor, clock, work)
    if outcome.outcome is PinOutcome.MUST_CHANGE:
        raise PinMustChange
    if member_id is None or not outcome.is_right:
        raise SignInRefused
    return member_id


@operation("/sign-in", ANYBODY, tag=TAG, method="POST", out=schemas.Tokens, refuses=(SignInRefused, PinMustChange))
@blueprint.arguments(schemas.SignIn)
def sign_in(given: dict[str, str]) -> dict[str, Any]:
    """Sign in with phone number and PIN

    Three wrong PINs in a row lock the PIN on every channel, USSD too; the branch unlocks it. The answer is the same for
    a wrong PIN, a locked one and a number that nobody has. A temporary PIN must be changed first.
    """
    clock = current_clock()
    member_id = _try_pin(given["phone"], lambda s, who: pins.verify_pin(s, clock, who, given["pin"]))
    actor = pins.member_actor(db.session(), member_id, CHANNEL, g.actor.ip)
    grant = run(actor, clock, lambda s: service.open_device(s, actor, clock, member_id, given["device_name"]))
    return _told(grant)


@operation("/sign-in/pin", ANYBODY, tag=TAG, method="POST", status=204, refuses=(SignInRefused, PinTooWeak))
@blueprint.arguments(schemas.ChoosePin)
def choose_pin(given: dict[str, str]) -> None:
    """Choose a PIN

    With the temporary PIN from the branch, or with the present one. Every device is signed out by it: sign in anew.
    """
    clock = current_clock()

    def check(session: Session, who: UUID | None) -> PinCheck:
        if who is None:
            return pins.verify_pin(session, clock, None, given["pin"])
        return pins.change_pin(session, clock, who, given["pin"], given["new_pin"])

    _try_pin(given["phone"], check)


@operation(
    "/sign-in/refresh",
    ANYBODY,
    tag=TAG,
    method="POST",
    out=schemas.Tokens,
    refuses=(RefreshRefused,),
    limit=REFRESH,
)
@blueprint.arguments(schemas.Refresh)
def refresh(given: dict[str, str]) -> dict[str, Any]:
    """Buy the next pair of tokens

    A refresh token works once. When one comes a second time, somebody has copied it: the device is signed out, and
    whoever holds any of its tokens has to sign in with the PIN.
    """
    actor, clock = g.actor, current_clock()
    grant = run(actor, clock, lambda s: service.rotate(s, actor, clock, given["refresh_token"]))
    if grant is None:
        raise RefreshRefused
    return _told(grant)


def _end(device_id: UUID, why: EndedBecause) -> None:
    actor, clock = current_actor(), current_clock()
    run(actor, clock, lambda s: service.end_device(s, actor, clock, device_id, why))


@operation("/sign-out", MEMBER, tag=TAG, method="POST", status=204)
def sign_out() -> None:
    """Sign this device out

    Its tokens are worth nothing from now on.
    """
    device_id = current_actor().session_id
    assert device_id is not None
    _end(device_id, EndedBecause.SIGNED_OUT)


@operation("/me/devices", MEMBER, tag=TAG, out=schemas.Devices)
def list_devices() -> dict[str, Any]:
    """Devices that are signed in"""
    actor = current_actor()
    assert actor.member_id is not None
    found = queries.devices_of(db.session(), current_clock(), actor.member_id)
    names = ("id", "name", "signed_in_at", "last_seen_at")
    plain = [{name: getattr(device, name) for name in names} for device in found]
    return {"items": [one | {"is_this_one": one["id"] == actor.session_id} for one in plain]}


@operation("/me/devices/<uuid:device_id>", MEMBER, tag=TAG, method="DELETE", status=204, refuses=(NotFound,))
def revoke_device(device_id: UUID) -> None:
    """Sign a device out

    For a telephone that was lost. The member's branch can block the channel altogether.
    """
    _end(device_id, EndedBecause.REVOKED)
