"""The inbox of staff: a line for each who is to know, a nudge to the open page, a push to the browsers that want it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sacco_app.kernel import outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.nudges import nudge, user_room
from sacco_app.notifications import queries
from sacco_app.notifications.events import PushDue
from sacco_app.notifications.models import InboxItem, PushSubscription
from sacco_app.notifications.types import Channel, Note


def tell(session: Session, clock: Clock, note: Note) -> list[UUID]:
    """Put the line into each inbox, once for an event. Returns who got it now."""
    reached = []
    for user_id in dict.fromkeys(note.user_ids):
        row = {
            "id": new_id(),
            "event_id": note.event_id,
            "user_id": user_id,
            "topic": note.topic,
            "subject": note.subject,
            "title": note.title[:160],
            "body": note.body[:500],
            "url": note.url[:200],
            "created_at": clock.now(),
        }
        made = insert(InboxItem).values(**row).on_conflict_do_nothing(index_elements=["event_id", "user_id"])
        item_id = session.scalar(made.returning(InboxItem.id))
        if item_id is None:
            continue
        reached.append(user_id)
        nudge(session, user_room(user_id), "inbox")
        if queries.wanted_by(session, Channel.PUSH, note.topic, user_id=user_id):
            _push(session, user_id, item_id, note.nudge)
    return reached


def _push(session: Session, user_id: UUID, item_id: UUID, words: str) -> None:
    for subscription_id in session.scalars(select(PushSubscription.id).where(PushSubscription.user_id == user_id)):
        outbox.record(session, PushDue(item_id, subscription_id, words))


def settle(session: Session, clock: Clock, subject: str) -> None:
    """What this was about is decided: nobody needs to open the lines about it any more."""
    open_lines = (InboxItem.subject == subject, InboxItem.read_at.is_(None))
    for user_id in session.scalars(select(InboxItem.user_id).where(*open_lines)):
        nudge(session, user_room(user_id), "inbox")
    session.execute(update(InboxItem).where(*open_lines).values(read_at=clock.now()))


def open_item(session: Session, actor: Actor, clock: Clock, item_id: UUID) -> InboxItem:
    """Open one of the actor's own lines. Raises NotFound."""
    row = session.scalars(queries.inbox(actor.user_id).where(InboxItem.id == item_id)).first()
    if row is None:
        raise NotFound(what="inbox item")
    if row.read_at is None:
        row.read_at = clock.now()
    return row


def read_all(session: Session, actor: Actor, clock: Clock) -> None:
    """Mark everything in the actor's inbox as read."""
    mine = (InboxItem.user_id == actor.user_id, InboxItem.read_at.is_(None))
    session.execute(update(InboxItem).where(*mine).values(read_at=clock.now()))
    nudge(session, user_room(actor.user_id), "inbox")
