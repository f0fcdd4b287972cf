"""The audit trail's pages: who did what to which thing, from where and when, with the values before and after."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.wrappers import Response

from sacco_app.access import queries
from sacco_app.access.trail import Trail, heading
from sacco_app.access.types import AccessPermission as P
from sacco_app.access.views.blueprint import blueprint
from sacco_app.kernel.audit import AuditEvent
from sacco_app.kernel.clock import KAMPALA
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.organisation import queries as organisation
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
    Filter("what", "What", lambda v: AuditEvent.action.ilike(f"%{v.replace(' ', '%')}%")),
    Filter("thing", "Record", lambda v: AuditEvent.subject_id == v),
    *day_filters(AuditEvent.at),
)


def _trail() -> Trail:
    session = db.session()
    branches = {str(branch.id): branch.name for branch in organisation.list_branches(session)}
    return Trail(queries.names_by_id(session) | branches, organisation.get_profile(session).currency)


@blueprint.get("/audit-trail")
@requires(P.AUDIT_VIEW)
def audit_trail() -> Response:
    columns = (
        Column("at", "When", "datetime", sort=AuditEvent.at),
        Column("who", "Who", sort=AuditEvent.actor_name),
        Column("where", "From where"),
        Column("action", "What", sort=AuditEvent.action),
        Column("change", "What changed"),
        Column("reason", "Reason"),
    )
    query, trail = select(AuditEvent), _trail()
    scope = current_actor().branch_ids
    if scope is not None:
        query = query.where(AuditEvent.branch_id.in_(scope))

    def cells(record: tuple[AuditEvent]) -> dict[str, object]:
        row = record[0]
        return {
            "at": row.at,
            "who": row.actor_name,
            "where": f"{row.channel} {row.ip}".strip(),
            "action": {"text": _named(row, trail), "url": url_for("access.audit_event", event_id=row.id)},
            "change": trail.told(row.before, row.after),
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
    trail = _trail()
    changes = trail.changes(event.before, event.after)
    return respond(
        "access/audit_event.html",
        event=event,
        changes=changes,
        both=event.before is not None and event.after is not None,
        subject=trail.names.get(event.subject_id, ""),
        heading=heading(event.action),
    )


def _named(row: AuditEvent, trail: Trail) -> str:
    """What happened, and to whom where that is somebody else."""
    name = trail.names.get(row.subject_id, "")
    return heading(row.action) + (f": {name}" if name and name != row.actor_name else "")
