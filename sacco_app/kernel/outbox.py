"""Facts that others must hear of, written in the transaction that made them true. The relay hands them to the queue."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from sacco_app.kernel import appends
from sacco_app.kernel.canonical import to_plain
from sacco_app.kernel.db import Base, CreatedAt, Id
from sacco_app.kernel.ids import new_id


class Event(Protocol):
    """A frozen dataclass of ids and amounts; `topic` is a past-tense fact: `savings.deposited`."""

    topic: ClassVar[str]


class OutboxEvent(Base):
    """One fact; `sent_at` is null until the relay has handed it over."""

    __tablename__ = "outbox"
    __audited__ = False
    __table_args__ = (Index("ix_outbox_unsent", "created_at", postgresql_where=text("sent_at IS NULL")),)

    id: Mapped[Id]
    topic: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[CreatedAt]
    sent_at: Mapped[datetime | None]


def record(session: Session, event: Event) -> UUID:
    """Write the event in this transaction. Returns its id, which is also the job's id later."""
    event_id = new_id()
    appends.append(session, OutboxEvent, id=event_id, topic=event.topic, payload=to_plain(event))
    return event_id
