"""What a member wants to be told and on which channel, and what was told lately."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.members import queries
from sacco_app.members.forms import MessagesForm
from sacco_app.members.types import MembersPermission as P
from sacco_app.members.views.blueprint import blueprint
from sacco_app.members.views.head import member_page
from sacco_app.notifications import catalogue
from sacco_app.notifications import queries as notification_queries
from sacco_app.notifications import service as notifications
from sacco_app.notifications.types import Channel
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to

SHOWN = 15


@blueprint.get("/<uuid:member_id>/messages")
@requires(P.MEMBER_VIEW)
def show_messages(member_id: UUID) -> Response:
    said = notification_queries.wishes(db.session(), member_id=member_id)
    return _page(member_id, MessagesForm.of(said))


def _page(member_id: UUID, form: MessagesForm) -> Response:
    session = db.session()
    row = queries.get_row(session, current_actor(), member_id)
    return member_page(
        "members/messages.html",
        member_id,
        status=form.status,
        form=form,
        stopped=notification_queries.opted_out(session, Channel.SMS, row.phone),
        messages=notification_queries.of_member(session, member_id, SHOWN),
        titles={code: told.title for code, told in catalogue.KINDS.items()},
    )


@blueprint.post("/<uuid:member_id>/messages")
@requires(P.MEMBER_EDIT, P.CHANNEL_MANAGE)
def save_messages(member_id: UUID) -> Response:
    """Keep what the member wants, as asked for at the counter."""
    form = MessagesForm()
    queries.get_row(db.session(), current_actor(), member_id)
    done = submit(form, lambda s: notifications.save_wishes(s, form.wishes(), member_id=member_id))
    if not done.done:
        return _page(member_id, form)
    notify("The member's wishes are kept")
    return redirect_to(url_for("members.show_messages", member_id=member_id))


@blueprint.post("/<uuid:member_id>/messages/start")
@requires(P.MEMBER_EDIT, P.CHANNEL_MANAGE)
def start_messages(member_id: UUID) -> Response:
    """The member said STOP once and wants messages again."""
    actor = current_actor()
    row = queries.get_row(db.session(), actor, member_id)
    run(actor, current_clock(), lambda s: notifications.opt_in(s, Channel.SMS, row.phone))
    notify("Messages go to this telephone again")
    return redirect_to(url_for("members.show_messages", member_id=member_id))
