"""The inbox of who is signed in, and the number of unread lines for the top bar."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.notifications import queries, service
from sacco_app.notifications.models import InboxItem
from sacco_app.notifications.types import STAFF_TOPICS
from sacco_app.notifications.views.blueprint import blueprint
from sacco_app.webkit.auth import current_actor, current_clock, signed_in
from sacco_app.webkit.forms import SaccoForm
from sacco_app.webkit.htmx import is_htmx, notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, paginate

COLUMNS = (
    Column("title", "What"),
    Column("at", "When", "datetime", sort=InboxItem.created_at),
)
TOPICS = {"approvals": "Approvals", "security": "Your account", "work": "Papers and runs"}


def _shown(value: str) -> ColumnElement[bool] | None:
    return {"unread": InboxItem.read_at.is_(None), "read": InboxItem.read_at.is_not(None)}.get(value)


FILTERS = (
    Filter("show", "Show", _shown, "select", [("unread", "Not opened"), ("read", "Opened")]),
    Filter("topic", "About", lambda v: InboxItem.topic == v, "select", [(t, TOPICS.get(t, t)) for t in STAFF_TOPICS]),
)


def _cells(record: tuple[InboxItem]) -> dict[str, Any]:
    row = record[0]
    return {"row": row, "url": url_for("notifications.open_inbox_item", item_id=row.id)}


@blueprint.get("/inbox")
@signed_in
def show_inbox() -> Response:
    session, actor = db.session(), current_actor()
    empty = Empty("Nothing here", "What waits for you, and what became of what you asked for, appears here.")
    page = paginate(
        session,
        queries.inbox(actor.user_id),
        COLUMNS,
        _cells,
        filters=FILTERS,
        empty=empty,
        default_sort="at",
        default_direction="desc",
    )
    page.formats = ()
    unread = queries.unread(session, actor.user_id)
    return respond(
        "notifications/inbox.html", block="results", page=page, unread=unread, topics=TOPICS, form=SaccoForm()
    )


@blueprint.get("/inbox/unread")
@signed_in
def show_unread() -> Response:
    """The number beside the bell; the page asks for it after it is shown and when a nudge says that it changed."""
    if not is_htmx():
        return redirect_to(url_for("notifications.show_inbox"))
    return respond("notifications/_bell.html", unread=queries.unread(db.session(), current_actor().user_id))


@blueprint.get("/inbox/<uuid:item_id>")
@signed_in
def open_inbox_item(item_id: UUID) -> Response:
    """Leads to what the line is about; from then on it counts as opened."""
    actor, clock = current_actor(), current_clock()
    url = run(actor, clock, lambda s: service.open_item(s, actor, clock, item_id).url)
    return redirect_to(url or url_for("notifications.show_inbox"))


@blueprint.post("/inbox/read")
@signed_in
def read_inbox() -> Response:
    actor, clock = current_actor(), current_clock()
    run(actor, clock, lambda s: service.read_all(s, actor, clock))
    notify("Everything counts as opened")
    return redirect_to(url_for("notifications.show_inbox"))
