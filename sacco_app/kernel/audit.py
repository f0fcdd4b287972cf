"""The audit trail: every change of an audited row, with who, from where, before and after. Append-only by trigger.

Rows are written by a listener on the flush, so no service can forget. What is not a change of a row (a sign-in, a
document looked at, an export) is recorded by `record`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, String, Uuid, event, inspect
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.state import InstanceState

from sacco_app.kernel import appends
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.canonical import to_plain
from sacco_app.kernel.db import Base, Id
from sacco_app.kernel.ids import new_id

_HIDDEN = "(hidden)"


class AuditEvent(Base):
    """Who did what to which thing, from where and when, with the values before and after."""

    __tablename__ = "audit_events"
    __audited__ = False
    __table_args__ = (
        Index("ix_audit_events_subject", "subject_type", "subject_id"),
        Index("ix_audit_events_at", "at"),
        Index("ix_audit_events_actor_at", "actor_id", "at"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    actor_id: Mapped[UUID]
    actor_name: Mapped[str] = mapped_column(String(120))
    session_id: Mapped[UUID | None]
    ip: Mapped[str] = mapped_column(String(45))
    channel: Mapped[str] = mapped_column(String(20))
    branch_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[str] = mapped_column(String(60))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None] = mapped_column(String(500))


def record(
    session: Session,
    action: str,
    subject: tuple[str, object],
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Record an event of the running transaction. `subject` is (kind, id); `action` is `room.past_tense_verb`."""
    actor: Actor = session.info["actor"]
    appends.append(
        session,
        AuditEvent,
        id=new_id(),
        at=session.info["clock"].now() if "clock" in session.info else datetime.now(UTC),
        actor_id=actor.user_id,
        actor_name=actor.name,
        session_id=actor.session_id,
        ip=actor.ip,
        channel=actor.channel,
        branch_id=actor.branch_id,
        action=action,
        subject_type=subject[0],
        subject_id=str(subject[1]),
        before=to_plain(before),
        after=to_plain(after),
        reason=reason,
    )


@event.listens_for(Session, "before_flush")
def _record_changes(session: Session, _context: object, _instances: object) -> None:
    if "actor" not in session.info:
        return
    for kind, rows in (("created", session.new), ("changed", session.dirty), ("deleted", session.deleted)):
        for row in rows:
            if isinstance(row, Base) and row.__audited__:
                _record_row(session, kind, row)


def _record_row(session: Session, kind: str, row: Base) -> None:
    before, after = _difference(inspect(row), kind)
    if kind == "changed" and not after:
        return
    identity = inspect(row).mapper.primary_key[0]
    name = str(identity.key)
    if getattr(row, name) is None and isinstance(identity.type, Uuid):
        setattr(row, name, new_id())
    table = row.__tablename__
    record(session, f"{table}.{kind}", (table, getattr(row, name)), before=before, after=after)


def _difference(state: InstanceState[Any], kind: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        column = attribute.columns[0]
        if not isinstance(column, Column) or column.info.get("audit") is False:
            continue
        history = state.attrs[attribute.key].history
        hidden = bool(column.info.get("secret"))
        if kind == "deleted" or (kind == "changed" and history.has_changes() and history.deleted):
            old = history.deleted[0] if history.deleted else state.dict.get(attribute.key)
            before[attribute.key] = _HIDDEN if hidden and old is not None else _shown(old)
        if kind != "deleted" and history.has_changes() and history.added:
            new = history.added[0]
            after[attribute.key] = _HIDDEN if hidden and new is not None else _shown(new)
    return before or None, after or None


def _shown(value: Any) -> Any:
    return f"({len(value)} bytes)" if isinstance(value, bytes) else value
