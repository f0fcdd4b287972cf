"""When each recurring task last ran. The scheduler's tick is only a metronome: this table decides what is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from sacco_app.kernel.db import Base


class ScheduledTask(Base):
    """One recurring task; `error` is what its last run said when it failed."""

    __tablename__ = "scheduled_tasks"
    __audited__ = False

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(500))


def claim_run(session: Session, name: str, now: datetime, interval: timedelta) -> bool:
    """True for the one caller whose turn it is; two schedulers do not run a task twice."""
    fresh = insert(ScheduledTask).values(name=name, started_at=now, error="")
    statement = fresh.on_conflict_do_update(
        index_elements=["name"],
        set_={"started_at": now, "finished_at": None, "error": ""},
        where=or_(ScheduledTask.started_at <= now - interval, ScheduledTask.started_at > now),
    ).returning(ScheduledTask.name)
    return session.scalar(statement) is not None


def finish_run(session: Session, name: str, now: datetime, error: str = "") -> None:
    """The run has ended, with `error` when it failed."""
    row = session.get_one(ScheduledTask, name)
    row.finished_at, row.error = now, error[:500]


def tasks(session: Session) -> list[ScheduledTask]:
    """Every task that ever ran, for the health page."""
    return list(session.scalars(select(ScheduledTask).order_by(ScheduledTask.name)))
