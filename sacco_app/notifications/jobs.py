"""Work of the notifications room after the answer: handing messages over, and the morning's release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.notifications import service
from sacco_app.notifications.events import Queued
from sacco_app.webkit.jobs import every, subscriber


@subscriber(Queued.topic, queue="critical", transaction=False)
def deliver_message(clock: Clock, payload: Mapping[str, Any]) -> None:
    """Hand one message to its gateway."""
    service.deliver(clock, UUID(payload["message_id"]))


@every(minutes=1)
def release_waiting(session: Session, actor: Actor, clock: Clock) -> None:
    """Messages that waited for the end of the quiet hours go now."""
    service.release_due(session, clock)
