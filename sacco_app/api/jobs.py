"""What a member is told when an app is signed in, and the nightly chore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.api import service
from sacco_app.api.events import DeviceSignedIn
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import KAMPALA, Clock
from sacco_app.members.contacts import contact
from sacco_app.notifications import service as notifications
from sacco_app.webkit.jobs import every, subscriber


@subscriber(DeviceSignedIn.topic, queue="critical")
def warn_of_sign_in(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """The member hears that an app signed in: nobody does so behind the member's back."""
    at = datetime.fromisoformat(payload["at"]).astimezone(KAMPALA)
    reader = contact(session, UUID(payload["member_id"]))
    values = {"dt": f"{at:%d/%m/%y %H:%M}"}
    notifications.send(session, clock, reader.sms("APP_SIGNED_IN", payload["event_id"], values))


@every(hours=24)
def forget_old_tokens(session: Session, actor: Actor, clock: Clock) -> None:
    """Refresh tokens that ran out a month ago are forgotten: they prove nothing any more."""
    service.forget_old_tokens(session, actor, clock)
