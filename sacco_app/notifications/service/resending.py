"""A person's decision: send it again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import audit, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id
from sacco_app.notifications import catalogue, queries
from sacco_app.notifications.errors import NotResendable, ResentBefore, SecretNotResendable
from sacco_app.notifications.events import Queued
from sacco_app.notifications.models import MessageRow
from sacco_app.notifications.types import NotificationsPermission, Status

RESENDABLE = (Status.UNKNOWN, Status.FAILED)
_KEPT = (
    "code",
    "template_version",
    "purpose",
    "channel",
    "recipient",
    "language",
    "subject",
    "body",
    "attachment_id",
    "member_id",
    "user_id",
    "branch_id",
    "segments",
)


def resend(session: Session, actor: Actor, clock: Clock, message_id: UUID, reason: str) -> UUID:
    """Send a message anew that failed or whose fate nobody knows, with the reason. The old one stays as it is.

    Raises NotFound, NotResendable, SecretNotResendable, ResentBefore.
    """
    actor.require(NotificationsPermission.MESSAGE_RESEND)
    locked = queries.messages(actor).where(MessageRow.id == message_id).with_for_update()
    row = session.scalars(locked).first()
    if row is None:
        raise NotFound(what="message")
    if row.status not in RESENDABLE:
        raise NotResendable(status=row.status)
    if catalogue.kind(row.code).secrets:
        raise SecretNotResendable
    if session.scalar(select(MessageRow.id).where(MessageRow.resend_of == row.id)):
        raise ResentBefore
    again = MessageRow(
        id=new_id(),
        event_id=new_id(),
        **{name: getattr(row, name) for name in _KEPT},
        resend_of=row.id,
        status=Status.QUEUED,
        cost_currency="",
        provider="",
        provider_id="",
        attempts=0,
        error="",
        created_at=clock.now(),
    )
    session.add(again)
    session.flush()
    audit.record(session, "messages.sent_again", ("messages", row.id), after={"message": again.id}, reason=reason)
    outbox.record(session, Queued(again.id))
    return again.id
