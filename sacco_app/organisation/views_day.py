"""Pages of the business day: the check-list, the close, the next business date."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.clock import local_date
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.db import db
from sacco_app.organisation import ports, queries, service
from sacco_app.organisation.blueprint import blueprint
from sacco_app.organisation.errors import BusinessDateAhead, BusinessDateNotForward, NotAWorkingDay
from sacco_app.organisation.forms import BusinessDateForm, CloseDayForm
from sacco_app.organisation.types import BranchFacts
from sacco_app.organisation.types import OrganisationPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


@blueprint.get("/days")
@requires(P.BUSINESS_DATE_EDIT)
def list_days() -> Response:
    """The branches of the actor with their business dates; whoever has one branch sees its day directly."""
    session, actor = db.session(), current_actor()
    branches = [branch for branch in queries.list_branches(session, actor) if branch.is_active]
    if len(branches) == 1:
        return _day_page(branches[0], CloseDayForm())
    rows = [
        [
            {"text": branch.name, "url": url_for("organisation.open_business_date", branch_id=branch.id)},
            branch.business_date,
            last.day if (last := _last_closed(branch.id)) else None,
        ]
        for branch in branches
    ]
    return respond("organisation/days.html", rows=rows)


@blueprint.route("/days/<uuid:branch_id>", methods=["GET", "POST"])
@requires(P.BUSINESS_DATE_EDIT)
def open_business_date(branch_id: UUID) -> Response:
    actor, clock, session = current_actor(), current_clock(), db.session()
    actor.require_branch(branch_id)
    branch = queries.get_branch(session, branch_id)
    form = BusinessDateForm(day=queries.working_day(session, branch.business_date + timedelta(days=1), branch_id))
    done = submit(
        form,
        lambda s: service.open_business_date(s, actor, clock, branch_id, form.day.data),
        {BusinessDateNotForward: "day", BusinessDateAhead: "day", NotAWorkingDay: "day"},
    )
    if done.done:
        notify(f"{format_date(form.day.data)} is open in {branch.name}")
        return redirect_to(url_for("organisation.open_business_date", branch_id=branch_id))
    return _day_page(branch, form)


@blueprint.post("/days/<uuid:branch_id>/close")
@requires(P.BUSINESS_DATE_EDIT)
def close_business_date(branch_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    actor.require_branch(branch_id)
    branch = queries.get_branch(db.session(), branch_id)
    form = CloseDayForm()
    done = submit(form, lambda s: service.close_business_date(s, actor, clock, branch_id, form.day.data))
    if done.done:
        notify(f"{format_date(form.day.data)} is closed in {branch.name}")
        return redirect_to(url_for("organisation.open_business_date", branch_id=branch_id))
    return _day_page(branch, form)


def _last_closed(branch_id: UUID) -> ports.Closing | None:
    keeper = ports.keeper()
    return keeper.last_closed(db.session(), branch_id) if keeper else None


def _day_page(branch: BranchFacts, form: SaccoForm) -> Response:
    session, today = db.session(), local_date(current_clock().now())
    next_day = queries.working_day(session, branch.business_date + timedelta(days=1), branch.id)
    has_come = branch.business_date <= today
    return respond(
        "organisation/day.html",
        block="form_region",
        status=form.status,
        branch=branch,
        form=form,
        next_form=form if isinstance(form, BusinessDateForm) else BusinessDateForm(formdata=None, day=next_day),
        last=_last_closed(branch.id),
        has_come=has_come,
        next_day=next_day,
        checks=ports.checks(session, branch.id, branch.business_date) if has_come else [],
        may_skip=next_day <= today,
    )
