"""Who is signed in now, and who knocked at the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from sacco_app.access import rules, service
from sacco_app.access.models import LoginAttempt, StaffSession, User
from sacco_app.access.types import AccessPermission as P
from sacco_app.access.types import Outcome
from sacco_app.access.views.audit_trail import day_filters
from sacco_app.access.views.blueprint import blueprint
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.htmx import local_url, notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

OUTCOMES = tuple((outcome.value, outcome.value.replace("_", " ").capitalize()) for outcome in Outcome)


def _in_scope(query: Any) -> Any:
    scope = current_actor().branch_ids
    return query if scope is None else query.where(User.branch_id.in_(scope))


@blueprint.get("/sessions")
@requires(P.SESSION_REVOKE)
def list_sessions() -> Response:
    columns = (
        Column("who", "Who", sort=User.name),
        Column("since", "Since", "datetime", sort=StaffSession.started_at),
        Column("seen", "Last used", "datetime", sort=StaffSession.last_seen_at),
        Column("ip", "Address", sort=StaffSession.ip),
        Column("device", "Device"),
    )
    query = _in_scope(select(StaffSession, User).join(User, User.id == StaffSession.user_id))
    query = query.where(StaffSession.ended_at.is_(None))
    links = may_open(current_actor(), "access.show_user")

    def cells(record: tuple[StaffSession, User]) -> dict[str, object]:
        row, user = record
        url = url_for("access.show_user", user_id=user.id) if links else ""
        who = {"text": user.name, "url": url}
        return {
            "who": who,
            "since": row.started_at,
            "seen": row.last_seen_at,
            "ip": row.ip,
            "device": rules.device_name(row.device),
        }

    who = Filter("who", "Who", lambda v: User.name.ilike(f"%{v}%"))
    page = paginate(
        db.session(),
        query,
        columns,
        cells,
        filters=(who,),
        empty=Empty("Nobody is signed in"),
        default_sort="seen",
        default_direction="desc",
    )
    return export(page, "sessions") or respond("access/sessions.html", block="results", page=page)


@blueprint.post("/users/<uuid:user_id>/sessions/<uuid:session_id>/end")
@requires(P.SESSION_REVOKE)
def revoke_session(user_id: UUID, session_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    run(actor, clock, lambda s: service.end_session(s, actor, clock, session_id, "revoked"))
    notify("The session is revoked")
    return redirect_to(local_url(request.form.get("back"), url_for("access.show_user", user_id=user_id)))


@blueprint.get("/sign-ins")
@requires(P.AUDIT_VIEW)
def list_attempts() -> Response:
    columns = (
        Column("at", "When", "datetime", sort=LoginAttempt.at),
        Column("email", "E-mail", sort=LoginAttempt.email),
        Column("outcome", "Outcome", "status"),
        Column("ip", "Address", sort=LoginAttempt.ip),
        Column("device", "Device"),
    )
    query = select(LoginAttempt)
    if current_actor().branch_ids is not None:
        query = _in_scope(query.join(User, User.id == LoginAttempt.user_id))

    def cells(record: tuple[LoginAttempt]) -> dict[str, object]:
        row = record[0]
        return {column.key: getattr(row, column.key) for column in columns} | {"device": rules.device_name(row.device)}

    filters = (
        Filter("email", "E-mail", lambda v: LoginAttempt.email.ilike(f"%{v}%")),
        Filter("ip", "Address", lambda v: LoginAttempt.ip == v),
        Filter("outcome", "Outcome", lambda v: LoginAttempt.outcome == v, "select", OUTCOMES),
        *day_filters(LoginAttempt.at),
    )
    empty = Empty("Nobody knocked in this time", "Choose other days or fewer filters.")
    page = paginate(
        db.session(), query, columns, cells, filters=filters, empty=empty, default_sort="at", default_direction="desc"
    )
    return export(page, "sign-ins") or respond("access/sign_ins.html", block="results", page=page)
