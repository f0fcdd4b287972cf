"""Users, for the administrator."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import current_app, url_for
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.access import queries, service
from sacco_app.access.forms import ReasonForm, UserForm
from sacco_app.access.membership import member_label, member_number
from sacco_app.access.models import Role, User, UserRole
from sacco_app.access.types import AccessPermission as P
from sacco_app.access.types import NewTelephone, UpdateUser
from sacco_app.access.views.blueprint import blueprint
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.desk import desk
from sacco_app.kernel.errors import NotFound
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import SaccoForm, submit
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

    now = current_clock().now()

    def cells(record: tuple[User, str]) -> dict[str, object]:
        user, held = record
        link = {"text": user.name, "url": url_for("access.show_user", user_id=user.id)}
        factor = "set up" if user.totp_confirmed else "not yet"
        locked = user.locked_until is not None and user.locked_until > now
        state = "locked" if locked else "active" if user.is_active else "closed"
        return {"name": link, "email": user.email, "roles": held, "factor": factor, "state": state}

    empty = Empty("Nobody fits", "Try fewer letters.")
    page = paginate(db.session(), query, columns, cells, filters=(find,), empty=empty, default_sort="name")
    return export(page, "users") or respond("access/users.html", block="results", page=page)


def _load(user_id: UUID) -> User:
    user = db.session().get(User, user_id)
    if user is None or user.is_technical:
        raise NotFound(what="user")
    current_actor().require_branch(user.branch_id)
    return user


def _branches(actor: Actor | None = None) -> list[tuple[str, str]]:
    return [(str(b.id), f"{b.code} {b.name}") for b in organisation.list_branches(db.session(), actor)]


def _form(user: User | None) -> UserForm:
    session, branches = db.session(), _branches(current_actor())
    if user is None:
        return UserForm(queries.role_choices(session), branches)
    held = queries.get_user(session, user.id).roles
    also = [str(branch_id) for branch_id in queries.branches_of(session, user.id)]
    number = member_number(session, user.member_id)
    data = {
        "roles": list(held),
        "branch_id": str(user.branch_id or ""),
        "branches": also,
        "member_number": number,
    }
    return UserForm(queries.role_choices(session), branches, obj=user, data=data)


def _form_page(form: UserForm, user: User | None) -> Response:
    waiting = _waiting(user.id) if user else []
    return respond(
        "access/user_form.html", block="form_region", status=form.status, form=form, user=user, waiting=waiting
    )


def _waiting(user_id: UUID) -> list[tuple[str, str]]:
    return desk().waiting(db.session(), f"/users/{user_id}")


@blueprint.route("/users/new", methods=["GET", "POST"])
@requires(P.USER_EDIT)
def new_user() -> Response:
    form, actor, clock = _form(None), current_actor(), current_clock()
    reason = form.reason.data or ""
    done = submit(form, lambda s: service.ask_create_user(s, actor, clock, form.to_create(), reason))
    if not done.done:
        return _form_page(form, None)
    notify("Sent to a second person: the user is made when it is approved")
    return redirect_to(url_for("access.list_users"))


@blueprint.route("/users/<uuid:user_id>/edit", methods=["GET", "POST"])
@requires(P.USER_EDIT)
def edit_user(user_id: UUID) -> Response:
    user, actor, clock = _load(user_id), current_actor(), current_clock()
    form = _form(user)
    reason, is_active = form.reason.data or "", user.is_active
    done = submit(
        form,
        lambda s: service.ask_update_user(s, actor, clock, form.to_update(user_id, is_active=is_active), reason),
    )
    if not done.done:
        return _form_page(form, user)
    notify("Sent to a second person: the rights change when it is approved")
    return redirect_to(url_for("access.show_user", user_id=user_id))


@blueprint.get("/users/<uuid:user_id>")
@requires(P.USER_VIEW)
def show_user(user_id: UUID) -> Response:
    return _page(user_id)


def _page(user_id: UUID, form: SaccoForm | None = None) -> Response:
    user, session, clock = _load(user_id), db.session(), current_clock()
    names, also = dict(_branches()), queries.branches_of(session, user_id)
    roles = dict(queries.role_choices(session))
    seen = [names.get(str(one), "") for one in (user.branch_id, *also) if one]
    return respond(
        "access/user.html",
        status=form.status if form else 200,
        user=user,
        roles=[roles[code] for code in queries.get_user(session, user_id).roles],
        member=member_label(session, user.member_id),
        seen=["every branch"] if user.all_branches else seen,
        sessions=queries.open_sessions(session, user_id),
        attempts=queries.last_attempts(session, user_id),
        locked=user.locked_until if user.locked_until and user.locked_until > clock.now() else None,
        waiting=_waiting(user_id),
        form=form or ReasonForm(),
        own=user_id == current_actor().user_id,
        sends_mail=_sends_mail(),
        link_allowed=session.scalar(queries.links_to_show(user_id, current_actor().user_id, clock.now())) is not None,
    )


def _sends_mail() -> bool:
    sends: bool = current_app.extensions["config"].messaging.sends_mail
    return sends


@blueprint.post("/users/<uuid:user_id>/reset-link")
@requires(P.USER_EDIT)
def send_reset_link(user_id: UUID) -> Response:
    """By e-mail to the user; where no mail server is set, a second person is asked whether it may be shown."""
    user, actor, clock = _load(user_id), current_actor(), current_clock()
    if _sends_mail():
        words = f"A link to set a password is on its way to {user.email}"
        return _done(user_id, lambda s: service.send_reset_link(s, actor, clock, user_id), words)
    words = "Sent to a second person: when it is approved, the link is shown to you here, once"
    return _done(user_id, lambda s: service.ask_show_link(s, actor, clock, user_id), words)


@blueprint.post("/users/<uuid:user_id>/reset-link/show")
@requires(P.USER_EDIT)
def show_reset_link(user_id: UUID) -> Response:
    """Show who asked the link that a second person has allowed."""
    form, actor, clock = SaccoForm(), current_actor(), current_clock()
    done = submit(form, lambda s: service.show_reset_link(s, actor, clock, user_id))
    if not done.done:
        return _refused(user_id, form)
    link = url_for("access.set_password", token=done.value, _external=True)
    return respond("access/reset_link.html", link=link, user=_load(user_id))


@blueprint.post("/users/<uuid:user_id>/reset-second-factor")
@requires(P.USER_EDIT)
def reset_second_factor(user_id: UUID) -> Response:
    actor, clock, command = current_actor(), current_clock(), NewTelephone(user_id)
    words = "Sent to a second person: the user enrols another telephone when it is approved"
    return _done(user_id, lambda s: service.ask_new_telephone(s, actor, clock, command), words)


@blueprint.post("/users/<uuid:user_id>/unlock")
@requires(P.USER_EDIT)
def unlock_user(user_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    return _done(user_id, lambda s: service.unlock_user(s, actor, clock, user_id), "The user may try again")


@blueprint.post("/users/<uuid:user_id>/shut-out")
@requires(P.USER_EDIT)
def shut_out(user_id: UUID) -> Response:
    form, actor, clock = ReasonForm(), current_actor(), current_clock()
    _load(user_id)
    done = submit(form, lambda s: service.shut_out(s, actor, clock, user_id, form.reason.data))
    if not done.done:
        return _page(user_id, form)
    notify("The user is shut out and signed out everywhere")
    return redirect_to(url_for("access.show_user", user_id=user_id))


@blueprint.post("/users/<uuid:user_id>/let-in")
@requires(P.USER_EDIT)
def let_in(user_id: UUID) -> Response:
    user, actor, clock = _load(user_id), current_actor(), current_clock()
    held = queries.get_user(db.session(), user_id)
    also = queries.branches_of(db.session(), user_id)
    command = UpdateUser(
        user_id,
        user.email,
        user.name,
        held.roles,
        user.branch_id,
        user.all_branches,
        is_active=True,
        branches=also,
        member_id=user.member_id,
    )
    words = "Sent to a second person: the user comes in again when it is approved"
    return _done(user_id, lambda s: service.ask_update_user(s, actor, clock, command, "Let in again"), words)


def _done(user_id: UUID, work: Callable[[Session], object], words: str) -> Response:
    """An act without fields: a refusal is shown on the user's page."""
    form = SaccoForm()
    if not submit(form, work).done:
        return _refused(user_id, form)
    notify(words)
    return redirect_to(url_for("access.show_user", user_id=user_id))


def _refused(user_id: UUID, form: SaccoForm) -> Response:
    shown = ReasonForm(formdata=None)
    shown.refusal, shown._status = form.refusal, form.status
    return _page(user_id, shown)
