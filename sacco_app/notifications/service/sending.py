"""Taking a message: the words in the reader's language, whether and when it may go, one row and one event."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sacco_app.kernel import outbox
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.ids import new_id
from sacco_app.notifications import catalogue, queries, rules
from sacco_app.notifications.events import Queued
from sacco_app.notifications.models import MessageRow
from sacco_app.notifications.types import Channel, Message, MessageKind, Purpose, Status, Words
from sacco_app.organisation import queries as organisation

HIDDEN = "••••••"
SWEEP = 500


def send(session: Session, clock: Clock, message: Message) -> UUID | None:
    """Take a message to be sent after this transaction (handbook 7.1, 7.2). Returns its id; None when it was taken before.

    Nothing is sent here: the row and an event are written, and a worker hands it to the gateway. A message that may not
    go (no address, no consent, switched off) is written down as suppressed with the reason. What can wait waits for the
    end of the quiet hours. Raises NotFound for a code that the catalogue does not know.
    """
    told = catalogue.kind(message.code)
    words = queries.words(session, message.code, message.language)
    now = clock.now()
    refusal = _refusal(session, message, told, words)
    row = _row(session, clock, message, told, words)
    if refusal:
        row |= {"status": Status.SUPPRESSED, "error": refusal, "sealed": None, "finished_at": now}
    else:
        row["not_before"] = rules.quiet_until(now, *queries.quiet_hours(session, local_date(now)), told.purpose)
    fresh = insert(MessageRow).values(**row).on_conflict_do_nothing(index_elements=["event_id", "code", "recipient"])
    made = session.scalar(fresh.returning(MessageRow.id))
    if made is not None and not refusal and row["not_before"] is None:
        outbox.record(session, Queued(made))
    return made


def _refusal(session: Session, message: Message, told: MessageKind, words: Words) -> str:
    """Why the message may not go, in words; empty when it may."""
    if not message.to:
        return "There is no address"
    if told.purpose is Purpose.SECURITY:
        return ""
    if not words.active:
        return "This message is switched off"
    if not message.consent:
        return "The member has not agreed to messages"
    if queries.opted_out(session, told.channel, message.to):
        return "The owner of this address said STOP"
    member_id, user_id = message.member_id, message.user_id
    if (member_id or user_id) and not queries.wanted_by(
        session, told.channel, told.purpose, member_id=member_id, user_id=user_id
    ):
        return "The reader does not want these messages"
    return ""


def _row(session: Session, clock: Clock, message: Message, told: MessageKind, words: Words) -> dict[str, object]:
    profile = organisation.get_profile(session)
    values = {"sacco": profile.short_name, "tel": profile.complaints_phone or profile.phone}
    values |= {name: rules.without_nin(value) for name, value in message.values.items()}
    shown = rules.fill(words.body, values | dict.fromkeys(message.secrets, HIDDEN))
    true_text = rules.fill(words.body, values | dict(message.secrets))
    return {
        "id": new_id(),
        "event_id": message.event_id,
        "code": message.code,
        "template_version": words.version,
        "purpose": told.purpose.value,
        "channel": told.channel.value,
        "recipient": message.to,
        "language": message.language if message.language in told.texts else "en",
        "subject": rules.fill(words.subject, values),
        "body": shown if message.secrets else true_text,
        "sealed": true_text if message.secrets else None,
        "attachment_id": message.attachment_id,
        "member_id": message.member_id,
        "user_id": message.user_id,
        "branch_id": message.branch_id,
        "status": Status.QUEUED.value,
        "segments": rules.measure(true_text).segments if told.channel is Channel.SMS else 0,
        "cost": None,
        "cost_currency": "",
        "provider": "",
        "provider_id": "",
        "attempts": 0,
        "error": "",
        "created_at": clock.now(),
        "not_before": None,
    }


def release_due(session: Session, clock: Clock) -> int:
    """Let the messages go whose quiet hours are over. Returns how many."""
    now: datetime = clock.now()
    query = select(MessageRow).where(MessageRow.not_before <= now, MessageRow.status == Status.QUEUED)
    due = session.scalars(query.order_by(MessageRow.not_before).limit(SWEEP).with_for_update(skip_locked=True)).all()
    for row in due:
        row.not_before = None
        outbox.record(session, Queued(row.id))
    return len(due)
