"""Pages of the organisation room: profile, branches, calendar, parameters."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.organisation import queries, service
from sacco_app.organisation.forms import BranchForm, BusinessDateForm, HolidayForm, ParameterForm, ProfileForm
from sacco_app.organisation.models import Branch, Holiday, Parameter
from sacco_app.organisation.types import OrganisationPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.navigation import NavItem, add_navigation
from sacco_app.webkit.tables import Column, Empty, export, paginate

blueprint = Blueprint("organisation", __name__, url_prefix="/organisation")


@blueprint.route("/profile", methods=["GET", "POST"])
@requires(P.SETTINGS_EDIT)
def edit_profile() -> Response:
    form = ProfileForm(obj=queries.get_profile(db.session()))
    done = submit(form, lambda s: service.save_profile(s, current_actor(), current_clock(), form.to_command()))
    if done.done:
        notify("The profile is saved")
        return redirect_to(url_for("organisation.edit_profile"))
    return respond(
        "organisation/form.html", block="form_region", status=form.status, form=form, heading="SACCO profile"
    )


@blueprint.get("/branches")
@requires(P.SETTINGS_VIEW)
def list_branches() -> Response:
    columns = (
        Column("code", "Code", sort=Branch.code),
        Column("name", "Name", sort=Branch.name),
        Column("business_date", "Business date", "date", sort=Branch.business_date),
        Column("address", "Address"),
        Column("state", "State", "status"),
    )
    query = select(Branch)
    scope = current_actor().branch_ids
    if scope is not None:
        query = query.where(Branch.id.in_(scope))

    def cells(record: tuple[Branch]) -> dict[str, object]:
        row = record[0]
        link = {"text": row.code, "url": url_for("organisation.edit_branch", branch_id=row.id)}
        state = "active" if row.is_active else "closed"
        return {
            "code": link,
            "name": row.name,
            "business_date": row.business_date,
            "address": row.address,
            "state": state,
        }

    page = paginate(db.session(), query, columns, cells, empty=Empty("No branch yet"), default_sort="code")
    return export(page, "branches") or respond("organisation/branches.html", block="results", page=page)


@blueprint.route("/branches/new", methods=["GET", "POST"])
@requires(P.BRANCH_EDIT)
def new_branch() -> Response:
    return _branch_page(None, BranchForm())


@blueprint.route("/branches/<uuid:branch_id>", methods=["GET", "POST"])
@requires(P.BRANCH_EDIT)
def edit_branch(branch_id: UUID) -> Response:
    current_actor().require_branch(branch_id)
    return _branch_page(branch_id, BranchForm(obj=queries.get_branch(db.session(), branch_id)))


def _branch_page(branch_id: UUID | None, form: BranchForm) -> Response:
    done = submit(form, lambda s: service.save_branch(s, current_actor(), current_clock(), form.to_command(branch_id)))
    if done.done:
        notify("The branch is saved")
        return redirect_to(url_for("organisation.list_branches"))
    date_url = url_for("organisation.open_business_date", branch_id=branch_id) if branch_id else None
    heading = "Branch" if branch_id else "New branch"
    return respond(
        "organisation/form.html", block="form_region", status=form.status, form=form, heading=heading, date_url=date_url
    )


@blueprint.route("/branches/<uuid:branch_id>/business-date", methods=["GET", "POST"])
@requires(P.BUSINESS_DATE_EDIT)
def open_business_date(branch_id: UUID) -> Response:
    form = BusinessDateForm()
    actor, clock = current_actor(), current_clock()
    done = submit(form, lambda s: service.open_business_date(s, actor, clock, branch_id, form.day.data))  # type: ignore[dict-item]
    if done.done:
        notify("The business date is open")
        return redirect_to(url_for("organisation.list_branches"))
    return respond(
        "organisation/form.html", block="form_region", status=form.status, form=form, heading="Open a business date"
    )


@blueprint.route("/calendar", methods=["GET", "POST"])
@requires(P.CALENDAR_EDIT)
def calendar() -> Response:
    form = HolidayForm()
    actor, clock = current_actor(), current_clock()
    done = submit(form, lambda s: service.add_holiday(s, actor, clock, form.day.data, form.name.data))
    if done.done:
        notify("The holiday is declared")
        return redirect_to(url_for("organisation.calendar"))
    days = db.session().scalars(select(Holiday).order_by(Holiday.day)).all()
    return respond("organisation/calendar.html", block="form_region", status=form.status, form=form, days=days)


@blueprint.get("/parameters")
@requires(P.SETTINGS_VIEW)
def list_parameters() -> Response:
    columns = (
        Column("key", "Parameter", sort=Parameter.key),
        Column("value", "Value"),
        Column("valid_from", "From", "date", sort=Parameter.valid_from),
        Column("valid_to", "To", "date"),
        Column("source", "Source"),
        Column("state", "State", "status"),
    )

    def cells(record: tuple[Parameter]) -> dict[str, object]:
        row = record[0]
        link = {"text": row.key, "url": url_for("organisation.set_parameter", key=row.key)}
        state = "verified" if row.verified else "unconfirmed"
        return {**{c.key: getattr(row, c.key, None) for c in columns}, "key": link, "state": state}

    empty = Empty("No parameters", "Run the set-up of the SACCO first.")
    page = paginate(db.session(), select(Parameter), columns, cells, empty=empty, default_sort="key")
    return export(page, "parameters") or respond("organisation/parameters.html", block="results", page=page)


@blueprint.route("/parameters/<string:key>", methods=["GET", "POST"])
@requires(P.PARAMETER_EDIT)
def set_parameter(key: str) -> Response:
    form = ParameterForm()
    done = submit(form, lambda s: service.set_parameter(s, current_actor(), current_clock(), form.to_command(key)))
    if done.done:
        notify("The parameter is set")
        return redirect_to(url_for("organisation.list_parameters"))
    return respond("organisation/form.html", block="form_region", status=form.status, form=form, heading=f"Set {key}")


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    add_navigation(
        app,
        NavItem("Administration", "Branches", "organisation.list_branches", "building-store", 80),
        NavItem("Administration", "Parameters", "organisation.list_parameters", "adjustments", 82),
        NavItem("Administration", "Calendar", "organisation.calendar", "calendar", 83),
        NavItem("Administration", "SACCO profile", "organisation.edit_profile", "building", 84),
    )
