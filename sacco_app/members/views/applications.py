"""Applications for membership: taken on one page, sent to a second person when they are complete."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.errors import SaccoError
from sacco_app.members import queries, service
from sacco_app.members.errors import NinTaken, TooYoung
from sacco_app.members.forms import MemberForm
from sacco_app.members.types import MembersPermission as P
from sacco_app.members.views.blueprint import blueprint
from sacco_app.members.views.head import known_twins
from sacco_app.members.views.record import overview
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond

CONFLICT = 409
PINS: dict[type[SaccoError], str] = {NinTaken: "nin", TooYoung: "date_of_birth"}


@blueprint.route("/new", methods=["GET", "POST"])
@requires(P.MEMBER_REGISTER)
def new_member() -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    branches = [(str(b.id), f"{b.code} {b.name}") for b in organisation.list_branches(session, actor)]
    form = MemberForm(branches, organisation.get_profile(session).currency)
    kept = form.keep.data

    def work(inner: Session) -> UUID:
        return service.register_member(inner, actor, clock, form.to_command())

    done = submit(form, work, PINS)
    if done.done:
        notify("The application is kept" if kept else "The application is taken: it waits for approval")
        return redirect_to(url_for("members.show_member", member_id=done.value))
    twins = known_twins(form.details().likeness) if form.status == CONFLICT else []
    return respond("members/new.html", status=form.status, form=form, twins=twins)


@blueprint.post("/<uuid:member_id>/send")
@requires(P.MEMBER_REGISTER)
def send_application(member_id: UUID) -> Response:
    form, actor, clock = SaccoForm(), current_actor(), current_clock()
    queries.get_row(db.session(), actor, member_id)
    done = submit(form, lambda s: service.send_application(s, actor, clock, member_id))
    if not done.done:
        return overview(member_id, refusal=form)
    notify("The application waits for approval")
    return redirect_to(url_for("members.show_member", member_id=member_id))
