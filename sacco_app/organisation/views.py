"""Pages of the organisation room: profile, logo, branches, calendar."""

from __future__ import annotations

from uuid import UUID

from flask import Flask, redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import local_date
from sacco_app.kernel.db import db
from sacco_app.kernel.dberrors import register_constraint
from sacco_app.kernel.files import FileNotAccepted
from sacco_app.kernel.uow import run
from sacco_app.organisation import changes, queries, service, views_day, views_parameters
from sacco_app.organisation.blueprint import blueprint
from sacco_app.organisation.errors import BranchCodeTaken, HolidayOfAll
from sacco_app.organisation.forms import BranchForm, HolidayForm, LogoForm, ProfileForm
from sacco_app.organisation.models import Branch
from sacco_app.organisation.types import OrganisationPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, may_open, public, requires
from sacco_app.webkit.exports import Letterhead, set_letterhead
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.navigation import NavItem, add_navigation
from sacco_app.webkit.tables import Column, Empty, export, paginate

__all__ = ["blueprint", "register", "views_day", "views_parameters"]

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@blueprint.get("/profile")
@requires(P.SETTINGS_VIEW)
def show_profile() -> Response:
    return _profile_page(LogoForm())


def _profile_page(form: LogoForm) -> Response:
    profile = queries.get_profile(db.session())
    return respond("organisation/profile.html", status=form.status, profile=profile, form=form)


@blueprint.post("/profile/logo")
@requires(P.SETTINGS_EDIT)
def set_logo() -> Response:
    form, actor, clock = LogoForm(), current_actor(), current_clock()
    done = submit(
        form,
        lambda s: service.set_logo(s, actor, clock, form.file.data.read(), form.file.data.filename or "logo"),
        {FileNotAccepted: "file"},
    )
    if not done.done:
        return _profile_page(form)
    notify("The logo stands on papers from now on")
    return redirect_to(url_for("organisation.show_profile"))


@blueprint.post("/profile/logo/remove")
@requires(P.SETTINGS_EDIT)
def remove_logo() -> Response:
    actor, clock = current_actor(), current_clock()
    run(actor, clock, lambda s: service.remove_logo(s, actor, clock))
    notify("The logo is removed")
    return redirect_to(url_for("organisation.show_profile"))


@blueprint.get("/logo")
@public
def show_logo() -> Response:
    """The logo for pages that everybody may see; the plain mark where there is none."""
    logo = queries.logo(db.session())
    if logo is None:
        return redirect(url_for("static", filename="img/mark.svg"))
    answer = Response(logo, mimetype="image/png")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@blueprint.route("/profile/edit", methods=["GET", "POST"])
@requires(P.SETTINGS_EDIT)
def edit_profile() -> Response:
    form = ProfileForm(obj=queries.get_profile(db.session()))
    done = submit(form, lambda s: service.save_profile(s, current_actor(), current_clock(), form.to_command()))
    if done.done:
        notify("The profile is saved")
        return redirect_to(url_for("organisation.show_profile"))
    parent = ("SACCO profile", url_for("organisation.show_profile"))
    return _form_page(form, "Change the profile", parent)


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
    actor = current_actor()
    editors = ("organisation.edit_branch", "organisation.open_business_date")
    endpoint = next((name for name in editors if may_open(actor, name)), None)
    scope = actor.branch_ids
    if scope is not None:
        query = query.where(Branch.id.in_(scope))

    def cells(record: tuple[Branch]) -> dict[str, object]:
        row = record[0]
        link = {"text": row.code, "url": url_for(endpoint, branch_id=row.id) if endpoint else ""}
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
    done = submit(
        form,
        lambda s: service.save_branch(s, current_actor(), current_clock(), form.to_command(branch_id)),
        {BranchCodeTaken: "code"},
    )
    if done.done:
        notify("The branch is saved")
        return redirect_to(url_for("organisation.list_branches"))
    dated = branch_id and may_open(current_actor(), "organisation.open_business_date")
    date_url = url_for("organisation.open_business_date", branch_id=branch_id) if dated else None
    heading = "Branch" if branch_id else "New branch"
    return _form_page(form, heading, ("Branches", url_for("organisation.list_branches")), date_url=date_url)


def _form_page(form: SaccoForm, heading: str, parent: tuple[str, str], **more: object) -> Response:
    return respond(
        "organisation/form.html",
        block="form_region",
        status=form.status,
        form=form,
        heading=heading,
        parent=parent,
        **more,
    )


@blueprint.route("/calendar", methods=["GET", "POST"])
@requires(P.CALENDAR_EDIT)
def calendar() -> Response:
    actor, clock, session = current_actor(), current_clock(), db.session()
    branches = queries.list_branches(session, actor)
    choices = [(str(branch.id), f"{branch.code} {branch.name}") for branch in branches]
    form = HolidayForm([("", "Every branch"), *choices] if actor.branch_ids is None else choices)
    done = submit(
        form,
        lambda s: service.add_holiday(s, actor, clock, form.day.data, form.name.data, form.branch),
        {HolidayOfAll: "branch_id"},
    )
    if done.done:
        notify("The holiday is declared")
        return redirect_to(url_for("organisation.calendar"))
    today = local_date(clock.now())
    return respond(
        "organisation/calendar.html",
        block="form_region",
        status=form.status,
        form=form,
        today=today,
        days=[
            day for day in queries.list_holidays(session) if day.branch_id is None or actor.sees_branch(day.branch_id)
        ],
        names={branch.id: branch.name for branch in branches},
        rest=[WEEK[number] for number in sorted(queries.rest_days(session, today))],
        everywhere=actor.branch_ids is None,
    )


@blueprint.post("/calendar/<uuid:holiday_id>/remove")
@requires(P.CALENDAR_EDIT)
def remove_holiday(holiday_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    run(actor, clock, lambda s: service.remove_holiday(s, actor, clock, holiday_id))
    notify("The holiday is taken back")
    return redirect_to(url_for("organisation.calendar"))


def letterhead(actor: Actor) -> Letterhead:
    """Whose paper a list is printed on: the SACCO, the actor's branch and its business date."""
    profile, branches = queries.get_profile(db.session()), queries.list_branches(db.session())
    branch = next((one for one in branches if one.id == actor.branch_id), branches[0])
    marks = " · ".join(mark for mark in (profile.registration_number, profile.licence_number) if mark)
    return Letterhead(profile.name, marks, branch.name, branch.business_date)


def register(app: Flask) -> None:
    """Add the room to the application."""
    changes.register()
    app.register_blueprint(blueprint)
    set_letterhead(app, letterhead)
    add_navigation(
        app,
        NavItem("Today", "The day", "organisation.list_days", "calendar-stats", 5),
        NavItem("Administration", "Branches", "organisation.list_branches", "building-store", 80),
        NavItem("Administration", "Parameters", "organisation.list_parameters", "adjustments", 82),
        NavItem("Administration", "Calendar", "organisation.calendar", "calendar", 83),
        NavItem("Administration", "SACCO profile", "organisation.show_profile", "building", 84),
    )
    register_constraint("uq_branches_code", BranchCodeTaken)
