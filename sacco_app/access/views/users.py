"""Users, for the administrator."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from sqlalchemy import func, or_, select
from werkzeug.wrappers import Response

from sacco_app.access import queries, service
from sacco_app.access.forms import UserForm
from sacco_app.access.models import Role, User, UserRole
from sacco_app.access.types import AccessPermission as P
from sacco_app.access.views.blueprint import blueprint
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.uow import run
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate


@blueprint.get("/users")
@requires(P.USER_VIEW)
def list_users() -> Response:
    columns = (
        Column("name", "Name", sort=User.name),
        Column("email", "E-mail", sort=User.email),
        Column("roles", "Roles"),
        Column("factor", "Second factor"),
        Column("state", "State", "status"),
    )
    roles = (
        select(func.string_agg(Role.name, ", "))
        .join(UserRole, UserRole.role_id == Role.id)
        .where(UserRole.user_id == User.id)
        .scalar_subquery()
    )
    query = select(User, roles).where(User.is_technical.is_(False))
    scope = current_actor().branch_ids
    if scope is not None:
        query = query.where(User.branch_id.in_(scope))
    find = Filter("q", "Name or e-mail", lambda v: or_(User.name.ilike(f"%{v}%"), User.email.ilike(f"%{v}%")))

    actor, now = current_actor(), current_clock().now()
    may_edit = may_open(actor, "access.edit_user")

    def cells(record: tuple[User, str]) -> dict[str, object]:
        user, held = record
        link = {"text": user.name, "url": url_for("access.edit_user", user_id=user.id) if may_edit else ""}
        factor = "set up" if user.totp_confirmed else "not yet"
        locked = user.locked_until is not None and user.locked_until > now
        state = "locked" if locked else "active" if user.is_active else "closed"
        return {"name": link, "email": user.email, "roles": held, "factor": factor, "state": state}

    empty = Empty("Nobody fits", "Try fewer letters.")
    page = paginate(db.session(), query, columns, cells, filters=(find,), empty=empty, default_sort="name")
    return export(page, "users") or respond("access/users.html", block="results", page=page)


def _form(user: User | None) -> UserForm:
    session = db.session()
    branches = [
        (str(branch.id), f"{branch.code} {branch.name}")
        for branch in organisation.list_branches(session, current_actor())
    ]
    if user is None:
        return UserForm(queries.role_choices(session), branches)
    held = queries.get_user(session, user.id).roles
    also = [str(branch_id) for branch_id in queries.branches_of(session, user.id)]
    data = {"roles": list(held), "branch_id": str(user.branch_id or ""), "branches": also}
    return UserForm(queries.role_choices(session), branches, obj=user, data=data)


@blueprint.route("/users/new", methods=["GET", "POST"])
@requires(P.USER_EDIT)
def new_user() -> Response:
    form = _form(None)
    actor, clock = current_actor(), current_clock()
    done = submit(form, lambda s: service.create_user(s, actor, clock, form.to_create()))
    if done.done:
        notify("The user is created: hand over a link to set the password")
        return redirect_to(url_for("access.edit_user", user_id=done.value))
    return respond("access/user.html", block="form_region", status=form.status, form=form, user=None, sessions=[])


@blueprint.route("/users/<uuid:user_id>", methods=["GET", "POST"])
@requires(P.USER_EDIT)
def edit_user(user_id: UUID) -> Response:
    session = db.session()
    actor, clock = current_actor(), current_clock()
    user = session.get(User, user_id)
    if user is None or user.is_technical:
        raise NotFound(what="user")
    actor.require_branch(user.branch_id)
    form = _form(user)
    done = submit(form, lambda s: service.update_user(s, actor, clock, form.to_update(user_id)))
    if done.done:
        notify("The user is saved")
        return redirect_to(url_for("access.list_users"))
    rows = queries.open_sessions(session, user_id)
    locked = user.locked_until if user.locked_until and user.locked_until > clock.now() else None
    return respond(
        "access/user.html", block="form_region", status=form.status, form=form, user=user, sessions=rows, locked=locked
    )


@blueprint.post("/users/<uuid:user_id>/reset-link")
@requires(P.USER_EDIT)
def issue_reset_link(user_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    token = run(actor, clock, lambda s: service.issue_reset_link(s, actor, clock, user_id))
    return respond("access/reset_link.html", link=url_for("access.set_password", token=token, _external=True))


@blueprint.post("/users/<uuid:user_id>/reset-second-factor")
@requires(P.USER_EDIT)
def reset_second_factor(user_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    run(actor, clock, lambda s: service.reset_totp(s, actor, clock, user_id))
    notify("The user enrols a new telephone at the next sign-in")
    return redirect_to(url_for("access.edit_user", user_id=user_id))


@blueprint.post("/users/<uuid:user_id>/unlock")
@requires(P.USER_EDIT)
def unlock_user(user_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    run(actor, clock, lambda s: service.unlock_user(s, actor, clock, user_id))
    notify("The user may try again")
    return redirect_to(url_for("access.edit_user", user_id=user_id))
