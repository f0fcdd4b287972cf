"""A member's channel access, served at the counter: issue a PIN, unlock, block."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.members import pins, queries
from sacco_app.members.forms import IssuePinForm, ReasonForm
from sacco_app.members.types import MembersPermission as P
from sacco_app.members.views.blueprint import blueprint
from sacco_app.members.views.head import member_page
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


@blueprint.get("/<uuid:member_id>/channel")
@requires(P.MEMBER_VIEW)
def show_channel(member_id: UUID) -> Response:
    return _page(member_id)


def _page(member_id: UUID, tried: SaccoForm | None = None) -> Response:
    session = db.session()
    row = queries.get_row(session, current_actor(), member_id)
    return member_page(
        "members/channel.html",
        member_id,
        status=tried.status if tried else 200,
        access=pins.channel_access(session, member_id),
        may_issue=row.status in pins.SERVED and current_actor().member_id != member_id,
        issue_form=tried if isinstance(tried, IssuePinForm) else IssuePinForm(),
        reason_form=tried if isinstance(tried, ReasonForm) else ReasonForm(),
    )


@blueprint.post("/<uuid:member_id>/channel/pin")
@requires(P.CHANNEL_MANAGE)
def issue_pin(member_id: UUID) -> Response:
    """Shows the PIN once: it is not in the log, not in the event, and not on any other page."""
    form, actor, clock = IssuePinForm(), current_actor(), current_clock()
    row = queries.get_row(db.session(), actor, member_id)
    done = submit(form, lambda s: pins.issue_temporary_pin(s, actor, clock, member_id))
    if not done.done:
        return _page(member_id, form)
    hours = int(pins.TEMPORARY_LIFE.total_seconds()) // 3600
    return respond("members/pin_issued.html", row=row, pin=done.value, hours=hours)


@blueprint.post("/<uuid:member_id>/channel/unlock")
@requires(P.CHANNEL_MANAGE)
def unlock_channel(member_id: UUID) -> Response:
    form, actor, clock = ReasonForm(), current_actor(), current_clock()
    queries.get_row(db.session(), actor, member_id)
    done = submit(form, lambda s: pins.unlock(s, actor, clock, member_id, form.reason.data))
    return _after(member_id, form, "The member may try again", done=done.done)


@blueprint.post("/<uuid:member_id>/channel/block")
@requires(P.CHANNEL_MANAGE)
def block_channel(member_id: UUID) -> Response:
    form, actor, clock = ReasonForm(), current_actor(), current_clock()
    queries.get_row(db.session(), actor, member_id)
    done = submit(form, lambda s: pins.block(s, actor, clock, member_id, form.reason.data))
    return _after(member_id, form, "USSD and the app are shut for this member", done=done.done)


def _after(member_id: UUID, form: ReasonForm, words: str, *, done: bool) -> Response:
    if not done:
        return _page(member_id, form)
    notify(words)
    return redirect_to(url_for("members.show_channel", member_id=member_id))
