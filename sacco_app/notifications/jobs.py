"""Work after the answer: handing messages over, reading callbacks, and what staff are told of their own accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.access import service as access_service
from sacco_app.access.events import LinkShown, NewDevice, ResetRequested
from sacco_app.access.service.passwords import LINK_LIFE
from sacco_app.access.types import UserFacts
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_instant
from sacco_app.notifications import service
from sacco_app.notifications.events import FetchDue, PushDue, Queued, Reported
from sacco_app.notifications.types import Message, Note
from sacco_app.webkit.jobs import every, subscriber


@subscriber(Queued.topic, queue="critical", transaction=False)
def deliver_message(clock: Clock, payload: Mapping[str, Any]) -> None:
    """Hand one message to its gateway."""
    service.deliver(clock, UUID(payload["message_id"]))


@every(minutes=1)
def release_waiting(session: Session, actor: Actor, clock: Clock) -> None:
    """Messages that waited for the end of the quiet hours go now; what was left half sent is judged."""
    service.release_due(session, clock)
    service.settle_left_behind(session, clock)


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
    """Ask the provider for incoming texts, once; what fails is asked again five minutes later."""
    service.fetch(clock, int(payload["after"]))


@subscriber(ResetRequested.topic, queue="critical")
def send_reset_link(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """Whoever forgot the password gets a link. It is made here, so that no token lies in the outbox."""
    user = access.get_user(session, UUID(payload["user_id"]))
    token = access_service.issue_reset_link(session, actor, clock, user.id)
    link = f"{current_app.extensions['config'].public_url}/set-password/{token}"
    values = {"user": user.name, "hours": str(int(LINK_LIFE.total_seconds()) // 3600)}
    service.send(session, clock, _letter("RESET_LINK", payload, user, values, {"link": link}))


@subscriber(NewDevice.topic, queue="critical")
def warn_of_new_device(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """Whoever signed in with a browser that was not seen before is told, by e-mail and in the inbox."""
    user = access.get_user(session, UUID(payload["user_id"]))
    when = format_instant(datetime.fromisoformat(payload["at"]))
    values = {"user": user.name, "device": payload["device"], "dt": when, "place_ip": payload["ip"] or "unknown"}
    service.send(session, clock, _letter("NEW_DEVICE", payload, user, values, {}))
    note = Note(
        UUID(payload["event_id"]),
        (user.id,),
        "security",
        f"A sign-in with {payload['device']}",
        "/my/sessions",
        "Your account was used with a new browser",
        f"From {values['place_ip']} on {when}. If it was not you, end the session and change your password.",
    )
    service.tell(session, clock, note)


@subscriber(LinkShown.topic)
def warn_of_shown_link(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """Whoever did not ask for a password link learns that somebody has one."""
    when = format_instant(datetime.fromisoformat(payload["at"]))
    note = Note(
        UUID(payload["event_id"]),
        (UUID(payload["user_id"]),),
        "security",
        "A link to set your password was handed out",
        "/my/sessions",
        "A link to set your password was handed out",
        f"It was shown to {payload['shown_to']} on {when}. If you did not ask for it, tell a manager now.",
    )
    service.tell(session, clock, note)


@subscriber("documents.batch_done")
def tell_of_papers(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """Whoever asked for a run of papers hears that it is done."""
    failed = payload["failed"]
    note = Note(
        UUID(payload["event_id"]),
        (UUID(payload["requested_by"]),),
        "work",
        f"{payload['title']}: {payload['total'] - failed} of {payload['total']} papers are ready",
        f"/documents/runs/{payload['batch_id']}",
        "Papers that you asked for are ready",
        f"{failed} could not be made" if failed else "",
    )
    service.tell(session, clock, note)


def _letter(
    code: str, payload: Mapping[str, Any], user: UserFacts, values: Mapping[str, str], secrets: Mapping[str, str]
) -> Message:
    return Message(
        code,
        UUID(payload["event_id"]),
        user.email,
        values,
        user_id=user.id,
        branch_id=user.branch_id,
        secrets=secrets,
    )


@subscriber(PushDue.topic, transaction=False)
def wake_browser(clock: Clock, payload: Mapping[str, Any]) -> None:
    """Wake one browser: a new line stands in the inbox."""
    service.wake(clock, UUID(payload["item_id"]), UUID(payload["subscription_id"]), payload["nudge"])
