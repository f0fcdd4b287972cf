"""The estate of a member who died: by what right it is paid out, and what each heir has had."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.members import estates, ports, queries, service
from sacco_app.members.forms import BASES, EstateForm
from sacco_app.members.types import MembersPermission as P
from sacco_app.members.types import MemberStatus
from sacco_app.members.views.blueprint import blueprint
from sacco_app.members.views.head import member_page
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to


@blueprint.get("/<uuid:member_id>/estate")
@requires(P.MEMBER_VIEW)
def show_estate(member_id: UUID) -> Response:
    return _page(member_id, EstateForm())


@blueprint.post("/<uuid:member_id>/estate")
@requires(P.MEMBER_EDIT)
def ask_estate(member_id: UUID) -> Response:
    form, actor, clock = EstateForm(), current_actor(), current_clock()
    queries.get_row(db.session(), actor, member_id)
    done = submit(form, lambda s: service.ask_estate(s, actor, clock, form.to_command(member_id)))
    if not done.done:
        return _page(member_id, form)
    notify("It waits for a second person")
    return redirect_to(url_for("members.show_estate", member_id=member_id))


def _page(member_id: UUID, form: EstateForm) -> Response:
    session, actor = db.session(), current_actor()
    row = queries.get_row(session, actor, member_id)
    estate = estates.open_estate(session, member_id)
    return member_page(
        "members/estate.html",
        member_id,
        status=form.status,
        form=form,
        estate=estate,
        basis=BASES[estate.basis] if estate else "",
        papers=estates.papers(session, estate.id) if estate else [],
        is_dead=row.status == MemberStatus.DECEASED,
        kin=queries.kin_of(session, member_id),
        panels=[(panel.template, panel.data(session, actor, member_id)) for panel in ports.estate_panels()],
    )
