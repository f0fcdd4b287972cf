"""Who has heard which outbox event: one delivery for each event and subscriber, kept until it is done.

PostgreSQL is the only memory. A queue entry is a reminder that may be lost: a delivery that was handed over and not done
within its lease is handed over again. The handler and the mark "done" commit together, so its effect happens once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from sacco_app.kernel.db import Base, CreatedAt, Id
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.outbox import OutboxEvent

BACKOFF_SECONDS = (10, 60, 300, 1800, 7200)


class Delivery(Base):
    """One event for one subscriber. `due_at` is when it is handed over next; `done_at` or `failed_at` ends it."""

    __tablename__ = "outbox_deliveries"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("event_id", "subscriber"),
        Index("ix_outbox_deliveries_due", "due_at", postgresql_where=text("done_at IS NULL AND failed_at IS NULL")),
        Index("ix_outbox_deliveries_failed", "failed_at", postgresql_where=text("failed_at IS NOT NULL")),
    )

    id: Mapped[Id]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("outbox.id"))
    subscriber: Mapped[str] = mapped_column(String(80))
    queue: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[CreatedAt]


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that was taken to be handed over; `attempt` counts from one."""

    id: UUID
    queue: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Work:
    """What a subscriber is given."""

    subscriber: str
    event_id: UUID
    topic: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far the relay and the workers are behind. `oldest` is the instant of the oldest event not handed over."""

    unsent: int
    waiting: int
    failed: int
    oldest: datetime | None


_OPEN = and_(Delivery.done_at.is_(None), Delivery.failed_at.is_(None))


def fan_out(session: Session, now: datetime, subscribers: Mapping[str, Iterable[tuple[str, str]]], limit: int) -> int:
    """Make the deliveries of new events: `subscribers` maps a topic to (name, queue) pairs. Returns how many events.

    Safe to run twice at once: rows that another relay holds are passed over.
    """
    query = select(OutboxEvent.id, OutboxEvent.topic).where(OutboxEvent.sent_at.is_(None))
    events = session.execute(
        query.order_by(OutboxEvent.created_at).limit(limit).with_for_update(skip_locked=True)
    ).all()
    if not events:
        return 0
    rows = [
        {
            "id": new_id(),
            "event_id": event_id,
            "subscriber": name,
            "queue": queue,
            "due_at": now,
            "attempts": 0,
            "error": "",
        }
        for event_id, topic in events
        for name, queue in subscribers.get(topic, ())
    ]
    if rows:
        session.execute(insert(Delivery), rows)
    session.execute(update(OutboxEvent).where(OutboxEvent.id.in_([event.id for event in events])).values(sent_at=now))
    return len(events)


def pass_over(session: Session, now: datetime) -> None:
    """Nobody shall hear of what has happened so far: history that is loaded, data taken over."""
    session.execute(update(OutboxEvent).where(OutboxEvent.sent_at.is_(None)).values(sent_at=now))


def take_due(session: Session, now: datetime, leases: Mapping[str, timedelta], limit: int) -> list[Due]:
    """Take deliveries that are due; each is due again after the lease of its queue unless it is done by then."""
    query = select(Delivery).where(_OPEN, Delivery.due_at <= now).order_by(Delivery.due_at).limit(limit)
    taken = []
    for row in session.scalars(query.with_for_update(skip_locked=True)):
        row.due_at, row.attempts = now + leases[row.queue], row.attempts + 1
        taken.append(Due(row.id, row.queue, row.attempts))
    return taken


def give_back(session: Session, now: datetime, taken: Iterable[Due]) -> None:
    """The queue did not take them: due at once, and the attempt does not count."""
    ids = [due.id for due in taken]
    session.execute(
        update(Delivery).where(Delivery.id.in_(ids), _OPEN).values(due_at=now, attempts=Delivery.attempts - 1)
    )


def still_waits(session: Session, due: Due) -> None:
    """An earlier reminder is still in the queue: its lease goes on, and the attempt does not count."""
    session.execute(update(Delivery).where(Delivery.id == due.id, _OPEN).values(attempts=Delivery.attempts - 1))


def begin(session: Session, delivery_id: UUID, *, lock: bool) -> Work | None:
    """What is to be done; None when it is done, failed, or (with `lock`) under way somewhere else."""
    query = select(Delivery, OutboxEvent).join(OutboxEvent, OutboxEvent.id == Delivery.event_id)
    query = query.where(Delivery.id == delivery_id, _OPEN)
    if lock:
        query = query.with_for_update(of=Delivery, skip_locked=True)
    found = session.execute(query).first()
    if found is None:
        return None
    delivery, event = found
    return Work(delivery.subscriber, event.id, event.topic, event.payload)


def finish(session: Session, delivery_id: UUID, now: datetime) -> None:
    """It is done."""
    session.execute(update(Delivery).where(Delivery.id == delivery_id, _OPEN).values(done_at=now))


def postpone(session: Session, delivery_id: UUID, now: datetime, error: str) -> None:
    """Something outside failed: again after a growing pause, and failed after the last of them."""
    row = session.scalars(select(Delivery).where(Delivery.id == delivery_id, _OPEN).with_for_update()).first()
    if row is None:
        return
    row.error = error[:500]
    if row.attempts > len(BACKOFF_SECONDS):
        row.failed_at = now
    else:
        row.due_at = now + timedelta(seconds=BACKOFF_SECONDS[max(row.attempts, 1) - 1])


def fail(session: Session, delivery_id: UUID, now: datetime, error: str) -> None:
    """It will not succeed by itself: a person looks at it."""
    values = {"failed_at": now, "error": error[:500]}
    session.execute(update(Delivery).where(Delivery.id == delivery_id, _OPEN).values(**values))


def retry(session: Session, delivery_id: UUID, now: datetime) -> bool:
    """Try a failed delivery again, now. False when it is not failed."""
    values = {"failed_at": None, "due_at": now, "attempts": 0}
    result = session.execute(
        update(Delivery).where(Delivery.id == delivery_id, Delivery.failed_at.is_not(None)).values(**values)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def backlog(session: Session) -> Backlog:
    """What waits, for the health page."""
    unsent = select(func.count(), func.min(OutboxEvent.created_at)).where(OutboxEvent.sent_at.is_(None))
    count, oldest = session.execute(unsent).one()
    waiting = session.scalar(select(func.count()).select_from(Delivery).where(_OPEN)) or 0
    failed = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.failed_at.is_not(None))) or 0
    return Backlog(count, waiting, failed, oldest)
