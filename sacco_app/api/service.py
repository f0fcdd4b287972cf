"""Devices and their refresh tokens. A wrong token must leave its trace, so `rotate` answers and does not raise."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sacco_app.api import queries, rules
from sacco_app.api.events import DeviceSignedIn
from sacco_app.api.models import ApiDevice, ApiRefreshToken
from sacco_app.api.queries import facts
from sacco_app.api.types import EndedBecause, RefreshGrant
from sacco_app.kernel import audit, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id


def open_device(session: Session, actor: Actor, clock: Clock, member_id: UUID, name: str) -> RefreshGrant:
    """Sign a member's app in, after the PIN was right. Begins a family of refresh tokens.

    A member has at most five devices: the one that was silent for longest makes room.
    """
    now = clock.now()
    for crowded_out in session.scalars(queries.open_devices(member_id).offset(rules.DEVICES - 1).with_for_update()):
        _end(crowded_out, now, EndedBecause.CROWDED_OUT)
    device = ApiDevice(
        id=new_id(),
        member_id=member_id,
        name=name,
        ip=actor.ip[:45],
        signed_in_at=now,
        last_seen_at=now,
        expires_at=now + rules.DEVICE_LIVES,
    )
    session.add(device)
    session.flush()
    outbox.record(session, DeviceSignedIn(member_id, device.id, now))
    return _grant(session, device, now)


def rotate(session: Session, actor: Actor, clock: Clock, token: str) -> RefreshGrant | None:
    """Give the successor of a refresh token, once. None when it is not valid.

    A token that was used before has been copied: whoever holds the successor may be the thief, so the whole family ends
    (RFC 9700, 4.14.2), with a line in the audit trail.
    """
    now = clock.now()
    hashed = rules.token_hash(token)
    device = session.scalars(
        select(ApiDevice)
        .join(ApiRefreshToken, ApiRefreshToken.device_id == ApiDevice.id)
        .where(ApiRefreshToken.token_hash == hashed)
        .with_for_update(of=ApiDevice)
        .execution_options(populate_existing=True)
    ).first()
    if device is None or not queries.holds(session, clock, device):
        return None
    session.info["actor"] = replace(actor, member_id=device.member_id, session_id=device.id)
    held = session.scalars(
        select(ApiRefreshToken).where(ApiRefreshToken.token_hash == hashed).execution_options(populate_existing=True)
    ).one()
    if held.used_at is not None:
        _end(device, now, EndedBecause.TOKEN_REUSED)
        audit.record(session, "api.refresh_token_reused", ("api_devices", device.id), after={"ip": actor.ip})
        return None
    if held.expires_at <= now:
        return None
    held.used_at = now
    device.last_seen_at, device.ip = now, actor.ip[:45]
    return _grant(session, device, now)


def _grant(session: Session, device: ApiDevice, now: datetime) -> RefreshGrant:
    token, expires_at = rules.new_refresh_token(), rules.refresh_expiry(now, device.expires_at)
    hashed = rules.token_hash(token)
    session.add(ApiRefreshToken(device_id=device.id, token_hash=hashed, issued_at=now, expires_at=expires_at))
    return RefreshGrant(facts(device), token, expires_at)


def end_device(session: Session, actor: Actor, clock: Clock, device_id: UUID, why: EndedBecause) -> None:
    """Sign one of the member's own devices out; its tokens are worth nothing from now on. Raises NotFound."""
    query = select(ApiDevice).where(ApiDevice.id == device_id, ApiDevice.member_id == actor.member_id)
    device = session.scalars(query.with_for_update()).first()
    if device is None or device.ended_at is not None:
        raise NotFound(what="device")
    _end(device, clock.now(), why)


def _end(device: ApiDevice, now: datetime, why: EndedBecause) -> None:
    device.ended_at, device.ended_because = now, why.value


def forget_old_tokens(session: Session, actor: Actor, clock: Clock) -> None:
    """Throw refresh tokens away that have run out; their devices stay for the audit trail."""
    session.execute(delete(ApiRefreshToken).where(ApiRefreshToken.expires_at < clock.now() - rules.REFRESH_LIVES))
