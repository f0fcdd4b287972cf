"""Programs that call the API, for the administrator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import case, select
from werkzeug.wrappers import Response

from sacco_app.access import queries, service
from sacco_app.access.catalogue import SCOPES
from sacco_app.access.errors import NetworkNotUnderstood
from sacco_app.access.forms import ClientForm, ReasonForm
from sacco_app.access.models import ApiClient, User
from sacco_app.access.service.client_changes import client_url
from sacco_app.access.service.clients import SHOWN_WITHIN
from sacco_app.access.types import AccessPermission as P
from sacco_app.access.types import UpdateClient
from sacco_app.access.views.blueprint import blueprint
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import local_date
from sacco_app.kernel.db import db
from sacco_app.kernel.desk import desk
from sacco_app.kernel.errors import NotFound, SaccoError
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

STATES = (("active", "Active"), ("expired", "Expired"), ("revoked", "Revoked"))
PINS: dict[type[SaccoError], str] = {NetworkNotUnderstood: "networks"}


def _state() -> Any:
    gone = (ApiClient.revoked_at.is_not(None), "revoked")
    return case(gone, (ApiClient.expires_at <= current_clock().now(), "expired"), else_="active")


@blueprint.get("/api-clients")
@requires(P.CLIENT_VIEW)
def list_clients() -> Response:
    state = _state()
    columns = (
        Column("name", "Name", sort=User.name),
        Column("client_id", "Client id"),
        Column("scopes", "May"),
        Column("used", "Last used", "datetime", sort=ApiClient.last_used_at),
        Column("expires", "Ends", "datetime", sort=ApiClient.expires_at),
        Column("state", "State", "status", sort=state),
    )

    def cells(record: tuple[ApiClient, User, str]) -> dict[str, object]:
        row, user, stands = record
        return {
            "name": {"text": user.name, "url": url_for("access.show_client", client_id=row.id)},
            "client_id": row.client_id,
            "scopes": ", ".join(row.scopes),
            "used": row.last_used_at,
            "expires": row.expires_at,
            "state": stands,
        }

    query = select(ApiClient, User, state).join(User, User.id == ApiClient.id)
    scope = current_actor().branch_ids
    if scope is not None:
        query = query.where(User.branch_id.in_(scope))
    show = Filter("state", "State", lambda value: _state() == value, "select", STATES)
    empty = Empty("No program calls the API yet", "A mobile app's server, a payment partner, an accounting program.")
    page = paginate(db.session(), query, columns, cells, filters=(show,), empty=empty, default_sort="name")
    return export(page, "api-clients") or respond("access/clients.html", block="results", page=page)


def _load(client_id: UUID) -> tuple[ApiClient, User]:
    session = db.session()
    row = session.get(ApiClient, client_id)
    if row is None:
        raise NotFound(what="API client")
    user = session.get_one(User, client_id)
    current_actor().require_branch(user.branch_id)
    return row, user


def _branches(actor: Actor | None = None) -> list[tuple[str, str]]:
    return [(str(one.id), f"{one.code} {one.name}") for one in organisation.list_branches(db.session(), actor)]


@blueprint.get("/api-clients/<uuid:client_id>")
@requires(P.CLIENT_VIEW)
def show_client(client_id: UUID) -> Response:
    return _page(client_id)


def _page(client_id: UUID, form: SaccoForm | None = None) -> Response:
    row, user = _load(client_id)
    session, now = db.session(), current_clock().now()
    seen = {str(user.branch_id), *(str(branch_id) for branch_id in queries.branches_of(session, client_id))}
    expired = row.expires_at is not None and row.expires_at <= now
    return respond(
        "access/client.html",
        status=form.status if form else 200,
        row=row,
        user=user,
        state="revoked" if row.revoked_at else "expired" if expired else "active",
        scopes=[SCOPES[scope] for scope in row.scopes if scope in SCOPES],
        branches=[] if user.all_branches else [name for key, name in _branches() if key in seen],
        secrets=queries.client_secrets(session, client_id),
        waiting=desk().waiting(session, client_url(client_id)),
        secret_allowed=session.scalar(queries.secrets_to_show(client_id, current_actor().user_id, now - SHOWN_WITHIN))
        is not None
        and row.revoked_at is None,
        form=form or ReasonForm(),
    )


@blueprint.route("/api-clients/new", methods=["GET", "POST"])
@requires(P.CLIENT_EDIT)
def new_client() -> Response:
    actor, clock = current_actor(), current_clock()
    form = ClientForm(_branches(actor))
    reason = form.reason.data or ""
    done = submit(form, lambda s: service.ask_create_client(s, actor, clock, form.to_command(), reason), PINS)
    if not done.done:
        return _form_page(form, None, None)
    notify("Sent to a second person: when it is approved, the client's page shows you its secret, once")
    return redirect_to(url_for("access.list_clients"))


@blueprint.route("/api-clients/<uuid:client_id>/edit", methods=["GET", "POST"])
@requires(P.CLIENT_EDIT)
def edit_client(client_id: UUID) -> Response:
    (row, user), actor, clock = _load(client_id), current_actor(), current_clock()
    seen = [user.branch_id, *queries.branches_of(db.session(), client_id)]
    form = ClientForm(
        _branches(actor),
        data={
            "name": user.name,
            "contact": row.contact,
            "scopes": row.scopes,
            "networks": " ".join(row.networks),
            "branches": [] if user.all_branches else [str(branch_id) for branch_id in seen],
            "expires_on": local_date(row.expires_at) if row.expires_at else None,
        },
    )
    reason = form.reason.data or ""
    done = submit(
        form,
        lambda s: service.ask_update_client(s, actor, clock, UpdateClient(client_id, form.to_command()), reason),
        PINS,
    )
    if not done.done:
        return _form_page(form, row, user)
    notify("Sent to a second person: the rights change when it is approved")
    return redirect_to(url_for("access.show_client", client_id=client_id))


def _form_page(form: ClientForm, row: ApiClient | None, user: User | None) -> Response:
    return respond(
        "access/client_form.html", block="form_region", status=form.status, form=form, row=row, name=user and user.name
    )


@blueprint.post("/api-clients/<uuid:client_id>/secrets")
@requires(P.CLIENT_EDIT)
def ask_secret(client_id: UUID) -> Response:
    form, actor, clock = SaccoForm(), current_actor(), current_clock()
    done = submit(form, lambda s: service.ask_rotate_secret(s, actor, clock, client_id))
    if not done.done:
        return _page(client_id, _as_refusal(form))
    notify("Sent to a second person: when it is approved, the new secret is shown to you here, once")
    return redirect_to(url_for("access.show_client", client_id=client_id))


@blueprint.post("/api-clients/<uuid:client_id>/secrets/show")
@requires(P.CLIENT_EDIT)
def show_secret(client_id: UUID) -> Response:
    """Show who asked the secret that a second person has allowed."""
    form, actor, clock = SaccoForm(), current_actor(), current_clock()
    done = submit(form, lambda s: service.show_secret(s, actor, clock, client_id))
    return respond("access/client_secret.html", new=done.value) if done.done else _page(client_id, _as_refusal(form))


@blueprint.post("/api-clients/<uuid:client_id>/secrets/<uuid:secret_id>/retire")
@requires(P.CLIENT_EDIT)
def retire_secret(client_id: UUID, secret_id: UUID) -> Response:
    form, actor, clock = SaccoForm(), current_actor(), current_clock()
    done = submit(form, lambda s: service.retire_secret(s, actor, clock, client_id, secret_id))
    if not done.done:
        return _page(client_id, _as_refusal(form))
    notify("The secret is retired")
    return redirect_to(url_for("access.show_client", client_id=client_id))


@blueprint.post("/api-clients/<uuid:client_id>/revoke")
@requires(P.CLIENT_EDIT)
def revoke_client(client_id: UUID) -> Response:
    form, actor, clock = ReasonForm(), current_actor(), current_clock()
    done = submit(form, lambda s: service.revoke_client(s, actor, clock, client_id, form.reason.data))
    if not done.done:
        return _page(client_id, form)
    notify("The client is shut out")
    return redirect_to(url_for("access.show_client", client_id=client_id))


def _as_refusal(tried: SaccoForm) -> ReasonForm:
    form = ReasonForm(formdata=None)
    form.refusal, form._status = tried.refusal, tried.status
    return form
