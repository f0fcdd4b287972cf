"""Dated parameters: what holds today, what held, what will hold; a new value takes two people."""

from __future__ import annotations

from datetime import date

from flask import request, url_for
from sqlalchemy import ColumnElement, and_, or_, select
from werkzeug.wrappers import Response

from sacco_app.kernel.clock import local_date
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.db import db
from sacco_app.kernel.desk import desk
from sacco_app.kernel.errors import NotFound, SaccoError
from sacco_app.kernel.uow import run
from sacco_app.organisation import changes, queries, service
from sacco_app.organisation.blueprint import blueprint
from sacco_app.organisation.errors import ParameterNotANumber, ParameterNotLater
from sacco_app.organisation.forms import ParameterForm
from sacco_app.organisation.models import Parameter
from sacco_app.organisation.types import OrganisationPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

WHEN = (("today", "In force today"), ("coming", "Coming"), ("past", "Past"))
STATES = (("verified", "Verified"), ("unconfirmed", "Unconfirmed"))
PINS: dict[type[SaccoError], str] = {ParameterNotLater: "valid_from", ParameterNotANumber: "value"}


def _filters(today: date) -> tuple[Filter, ...]:
    def when(value: str) -> ColumnElement[bool] | None:
        open_ended = or_(Parameter.valid_to.is_(None), Parameter.valid_to >= today)
        return {
            "today": and_(Parameter.valid_from <= today, open_ended),
            "coming": Parameter.valid_from > today,
            "past": Parameter.valid_to < today,
        }.get(value)

    def says(value: str) -> ColumnElement[bool]:
        named = [key for key in changes.known_keys() if value.lower() in changes.title(key).lower()]
        return or_(Parameter.key.in_(named), Parameter.key.ilike(f"%{value}%"), Parameter.source.ilike(f"%{value}%"))

    usual = "" if "when" in request.args else "today"
    return (
        Filter("q", "Parameter or source", says),
        Filter("when", "When", when, "select", WHEN, default=usual),
        Filter("state", "State", lambda value: Parameter.verified.is_(value == "verified"), "select", STATES),
    )


@blueprint.get("/parameters")
@requires(P.SETTINGS_VIEW)
def list_parameters() -> Response:
    columns = (
        Column("title", "Parameter", sort=Parameter.key),
        Column("value", "Value"),
        Column("valid_from", "Valid from", "date", sort=Parameter.valid_from),
        Column("valid_to", "Valid until", "date"),
        Column("source", "Source"),
        Column("state", "State", "status"),
    )

    currency = queries.get_profile(db.session()).currency

    def cells(record: tuple[Parameter]) -> dict[str, object]:
        row = record[0]
        return {
            "title": {
                "text": changes.title(row.key),
                "url": url_for("organisation.show_parameter", key=row.key),
            },
            "value": changes.shown(row.key, row.value, currency),
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "source": row.source,
            "state": "verified" if row.verified else "unconfirmed",
        }

    empty = Empty("No parameter fits", "Choose another time or fewer filters.")
    filters = _filters(local_date(current_clock().now()))
    page = paginate(db.session(), select(Parameter), columns, cells, filters=filters, empty=empty, default_sort="title")
    return export(page, "parameters") or respond("organisation/parameters.html", block="results", page=page)


@blueprint.get("/parameters/<string:key>")
@requires(P.SETTINGS_VIEW)
def show_parameter(key: str) -> Response:
    session = db.session()
    return respond(
        "organisation/parameter.html",
        key=key,
        heading=changes.title(key),
        currency=queries.get_profile(session).currency,
        shown=changes.shown,
        history=queries.parameter_history(session, key),
        today=local_date(current_clock().now()),
        waiting=desk().waiting(session, changes.parameter_url(key)),
    )


@blueprint.route("/parameters/<string:key>/set", methods=["GET", "POST"])
@requires(P.PARAMETER_EDIT)
def set_parameter(key: str) -> Response:
    present = queries.parameter_history(db.session(), key)[0]
    form, actor, clock = ParameterForm(value=present.value), current_actor(), current_clock()
    done = submit(form, lambda s: changes.ask_set_parameter(s, actor, clock, form.to_command(key)), PINS)
    if done.done:
        notify("It waits for a second person")
        return redirect_to(url_for("organisation.show_parameter", key=key))
    currency = queries.get_profile(db.session()).currency
    now, unit = changes.shown(key, present.value, currency), changes.unit(key, currency)
    entered = f" Enter {unit}." if unit else ""
    note = f"It is {now} since {format_date(present.valid_from)}; that ends the day before the new value.{entered}"
    return respond(
        "organisation/form.html",
        block="form_region",
        status=form.status,
        form=form,
        heading=changes.title(key),
        parent=("Parameters", url_for("organisation.show_parameter", key=key)),
        note=note,
        submit_label="Send for approval",
    )


@blueprint.post("/parameters/<string:key>/verify")
@requires(P.PARAMETER_EDIT)
def verify_parameter(key: str) -> Response:
    actor, clock = current_actor(), current_clock()
    since = _day(request.form.get("valid_from", ""))
    run(actor, clock, lambda s: service.verify_parameter(s, actor, clock, key, since))
    notify("The value is marked as verified")
    return redirect_to(url_for("organisation.show_parameter", key=key))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(what="parameter") from error
