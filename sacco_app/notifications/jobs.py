"""Work of the notifications room after the answer: handing messages over, and the morning's release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.notifications import service
from sacco_app.notifications.events import FetchDue, Queued, Reported
from sacco_app.webkit.jobs import every, subscriber


@subscriber(Queued.topic, queue="critical", transaction=False)
def deliver_message(clock: Clock, payload: Mapping[str, Any]) -> None:
    """Hand one message to its gateway."""
    service.deliver(clock, UUID(payload["message_id"]))


@every(minutes=1)
def release_waiting(session: Session, actor: Actor, clock: Clock) -> None:
    """Messages that waited for the end of the quiet hours go now."""
    service.release_due(session, clock)


@subscriber(Reported.topic, queue="critical")
def read_call(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """Understand what a provider called us for."""
    service.read_call(session, clock, UUID(payload["report_id"]))


@every(minutes=5)
def ask_for_texts(session: Session, actor: Actor, clock: Clock) -> None:
    """Where callbacks cannot reach us, the provider is asked for incoming texts."""
    service.ask_when_due(session)


@subscriber(FetchDue.topic, transaction=False)
def fetch_texts(clock: Clock, payload: Mapping[str, Any]) -> None:
    """Ask once; what fails is asked again five minutes later."""
    service.fetch(clock, int(payload["after"]))
