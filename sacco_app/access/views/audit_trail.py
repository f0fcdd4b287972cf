"""The audit trail's page: who did what to which thing, from where and when, with the values before and after."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from werkzeug.wrappers import Response

from sacco_app.access.types import AccessPermission as P
from sacco_app.access.views.blueprint import blueprint
from sacco_app.kernel.audit import AuditEvent
from sacco_app.kernel.clock import KAMPALA
from sacco_app.kernel.db import db
from sacco_app.webkit.auth import current_actor, requires
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate


def _since(value: str, days: int = 0) -> datetime | None:
    try:
        day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=KAMPALA)
    except ValueError:
        return None
    return datetime.combine(day.date(), time(), KAMPALA) + timedelta(days=days)


def _from(value: str) -> ColumnElement[bool] | None:
    instant = _since(value)
    return AuditEvent.at >= instant if instant else None


def _to(value: str) -> ColumnElement[bool] | None:
    instant = _since(value, 1)
    return AuditEvent.at < instant if instant else None


FILTERS = (
    Filter("who", "Who", lambda v: AuditEvent.actor_name.ilike(f"%{v}%")),
    Filter("what", "What", lambda v: AuditEvent.action.ilike(f"%{v}%")),
    Filter("thing", "Thing (id)", lambda v: AuditEvent.subject_id == v),
    Filter("from", "From", _from, "date"),
    Filter("to", "To", _to, "date"),
)


def _told(values: dict[str, object] | None) -> str:
    return "; ".join(f"{key} {value}" for key, value in (values or {}).items())


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
        where = f"{row.channel} {row.ip}".strip()
        told = {"before": _told(row.before), "after": _told(row.after)}
        return {"at": row.at, "who": row.actor_name, "where": where, "action": row.action, "reason": row.reason, **told}

    empty = Empty("Nothing in this time", "Choose other days or fewer filters.")
    page = paginate(
        db.session(), query, columns, cells, filters=FILTERS, empty=empty, default_sort="at", default_direction="desc"
    )
    return export(page, "audit-trail") or respond("access/audit_trail.html", block="results", page=page)
