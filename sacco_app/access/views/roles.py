"""Roles: the matrix of what each may do, and the page where it is changed."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.access import queries, service
from sacco_app.access.catalogue import by_room
from sacco_app.access.errors import RoleCodeTaken
from sacco_app.access.forms import RoleForm
from sacco_app.access.models import Role
from sacco_app.access.types import AccessPermission as P
from sacco_app.access.views.blueprint import blueprint
from sacco_app.kernel.db import db
from sacco_app.kernel.desk import desk
from sacco_app.kernel.errors import NotFound
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


@blueprint.get("/roles")
@requires(P.ROLE_VIEW)
def list_roles() -> Response:
    roles, held = queries.role_matrix(db.session())
    return respond("access/roles.html", roles=roles, held=held, rooms=by_room())


@blueprint.route("/roles/new", methods=["GET", "POST"])
@requires(P.ROLE_EDIT)
def new_role() -> Response:
    return _page(None, RoleForm())


@blueprint.route("/roles/<uuid:role_id>", methods=["GET", "POST"])
@requires(P.ROLE_EDIT)
def edit_role(role_id: UUID) -> Response:
    session = db.session()
    role = session.get(Role, role_id)
    if role is None:
        raise NotFound(what="role")
    return _page(role, RoleForm(obj=role, data={"permissions": queries.permissions_of(session, role_id)}))


def _page(role: Role | None, form: RoleForm) -> Response:
    actor, clock = current_actor(), current_clock()
    role_id = role.id if role else None
    reason = form.reason.data or ""
    done = submit(
        form,
        lambda s: service.ask_save_role(s, actor, clock, form.to_command(role_id), reason),
        {RoleCodeTaken: "code"},
    )
    if done.done:
        notify("Sent to a second person: the role changes when it is approved")
        return redirect_to(url_for("access.list_roles"))
    boxes = {option.data: option for option in form.permissions}
    return respond(
        "access/role.html",
        block="form_region",
        status=form.status,
        form=form,
        role=role,
        rooms=by_room(),
        boxes=boxes,
        waiting=desk().waiting(db.session(), f"/roles/{role_id}") if role_id else [],
    )
