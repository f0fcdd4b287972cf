"""The audit trail's pages: who did what to which thing, from where and when, with the values before and after."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.wrappers import Response

from sacco_app.access.types import AccessPermission as P
from sacco_app.access.views.blueprint import blueprint
from sacco_app.kernel.audit import AuditEvent
from sacco_app.kernel.clock import KAMPALA
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.webkit.auth import current_actor, requires
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate


def _midnight(value: str, days: int = 0) -> datetime | None:
    try:
        day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=KAMPALA)
        return datetime.combine(day.date() + timedelta(days=days), time(), KAMPALA)
    except (ValueError, OverflowError):
        return None


def day_filters(column: InstrumentedAttribute[datetime]) -> tuple[Filter, Filter]:
    """From a day to a day, both included, in Kampala's days. What is not a date filters nothing."""

    def since(value: str) -> ColumnElement[bool] | None:
        instant = _midnight(value)
        return column >= instant if instant else None

    def until(value: str) -> ColumnElement[bool] | None:
        instant = _midnight(value, 1)
        return column < instant if instant else None

    return Filter("from", "From", since, "date"), Filter("to", "To", until, "date")


FILTERS = (
    Filter("who", "Who", lambda v: AuditEvent.actor_name.ilike(f"%{v}%")),
    Filter("what", "What", lambda v: AuditEvent.action.ilike(f"%{v}%")),
    Filter("thing", "Thing (id)", lambda v: AuditEvent.subject_id == v),
    *day_filters(AuditEvent.at),
)


def words(action: str) -> str:
    """`users.sign_in_refused` as people say it: `Users: sign in refused`."""
    thing, _, verb = action.partition(".")
    return f"{thing}: {verb}".replace("_", " ").capitalize()


def _told(values: dict[str, Any] | None) -> str:
    shown = ((key.replace("_", " "), value) for key, value in (values or {}).items() if _says(key, value))
    text = "; ".join(f"{key} {value}" for key, value in shown)
    return text if len(text) <= 160 else f"{text[:159]}…"


def _says(key: str, value: object) -> bool:
    return key != "id" and value not in (None, "", [], {})


@blueprint.get("/audit-trail")
@requires(P.AUDIT_VIEW)
def audit_trail() -> Response:
    columns = (
        Column("at", "When", "datetime", sort=AuditEvent.at),
        Column("who", "Who", sort=AuditEvent.actor_name),
        Column("where", "From where"),
        Column("action", "What", sort=AuditEvent.action),
        Column("before", "Before"),
        Column("after", "After"),
        Column("reason", "Reason"),
    )
    query = select(AuditEvent)
    scope = current_actor().branch_ids
    if scope is not None:
        query = query.where(AuditEvent.branch_id.in_(scope))

    def cells(record: tuple[AuditEvent]) -> dict[str, object]:
        row = record[0]
        return {
            "at": row.at,
            "who": row.actor_name,
            "where": f"{row.channel} {row.ip}".strip(),
            "action": {"text": words(row.action), "url": url_for("access.audit_event", event_id=row.id)},
            "before": _told(row.before),
            "after": _told(row.after),
            "reason": row.reason,
        }

    empty = Empty("Nothing in this time", "Choose other days or fewer filters.")
    page = paginate(
        db.session(), query, columns, cells, filters=FILTERS, empty=empty, default_sort="at", default_direction="desc"
    )
    return export(page, "audit-trail") or respond("access/audit_trail.html", block="results", page=page)


@blueprint.get("/audit-trail/<uuid:event_id>")
@requires(P.AUDIT_VIEW)
def audit_event(event_id: UUID) -> Response:
    event = db.session().get(AuditEvent, event_id)
    if event is None or not (current_actor().branch_ids is None or current_actor().sees_branch(event.branch_id)):
        raise NotFound(what="event")
    before, after = event.before or {}, event.after or {}
    names = [*before, *(name for name in after if name not in before)]
    rows = [[name.replace("_", " "), _value(before.get(name)), _value(after.get(name))] for name in names]
    return respond("access/audit_event.html", event=event, rows=rows, heading=words(event.action))


def _value(value: object) -> str:
    return "" if value is None else str(value)
