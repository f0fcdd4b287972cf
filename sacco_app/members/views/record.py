"""A member's overview: the person, how complete the file is, what may happen next; and the form of changes."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.clock import local_date
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import SaccoError
from sacco_app.kernel.money import Money
from sacco_app.members import ports, queries, rules, service
from sacco_app.members.errors import NinTaken, TooYoung
from sacco_app.members.forms import PersonForm, StatusForm
from sacco_app.members.types import KycItem, MemberStatus
from sacco_app.members.types import MembersPermission as P
from sacco_app.members.views.blueprint import blueprint
from sacco_app.members.views.head import known_twins, member_page
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to

CONFLICT = 409
PINS: dict[type[SaccoError], str] = {NinTaken: "nin", TooYoung: "date_of_birth"}


@blueprint.get("/<uuid:member_id>")
@requires(P.MEMBER_VIEW)
def show_member(member_id: UUID) -> Response:
    return overview(member_id)


def overview(member_id: UUID, status_form: StatusForm | None = None, refusal: SaccoForm | None = None) -> Response:
    """The first page of a member, again with what was refused."""
    session, actor = db.session(), current_actor()
    row = queries.get_row(session, actor, member_id)
    allowed = rules.choices_from(row.status)
    form = status_form or StatusForm(allowed)
    currency = organisation.get_profile(session).currency
    items = queries.kyc_items(session, row, local_date(current_clock().now()))
    return member_page(
        "members/overview.html",
        member_id,
        status=max(form.status, refusal.status if refusal else 200),
        panels=[(panel.template, panel.data(session, actor, member_id)) for panel in ports.panels()],
        items=items,
        places=_places(member_id, items),
        lacking=rules.lacking(items) if row.status in rules.BY_APPLICATION else [],
        income=Money(row.monthly_income_minor, currency) if row.monthly_income_minor else None,
        means=service.MEANS,
        status_form=form if allowed else None,
        refusal=refusal.refusal if refusal else "",
    )


def _places(member_id: UUID, items: list[KycItem]) -> dict[str, str]:
    """Where each thing that is missing is added, for those who may."""
    if not may_open(current_actor(), "members.edit_member"):
        return {}
    pages = {
        "edit": "members.edit_member",
        "documents": "members.show_documents",
        "next_of_kin": "members.show_next_of_kin",
    }
    return {item.label: url_for(pages[item.place], member_id=member_id) for item in items}


@blueprint.post("/<uuid:member_id>/status")
@requires(P.MEMBER_EDIT)
def change_status(member_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    row = queries.get_row(db.session(), actor, member_id)
    form = StatusForm(rules.choices_from(row.status))
    done = submit(
        form,
        lambda s: service.ask_status(s, actor, clock, member_id, MemberStatus(form.new_status.data), form.reason.data),
    )
    if not done.done:
        return overview(member_id, form)
    notify("The status is changed" if done.value is None else "It waits for a second person")
    return redirect_to(url_for("members.show_member", member_id=member_id))


@blueprint.route("/<uuid:member_id>/edit", methods=["GET", "POST"])
@requires(P.MEMBER_EDIT)
def edit_member(member_id: UUID) -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    row = queries.get_row(session, actor, member_id)
    currency = organisation.get_profile(session).currency
    income = Money(row.monthly_income_minor, currency) if row.monthly_income_minor else None
    form = PersonForm(currency, obj=row, data={"monthly_income": income})
    confirmed, reason = form.confirmed_duplicate.data, form.reason.data or ""

    done = submit(
        form,
        lambda s: service.update_member(s, actor, clock, member_id, form.details(), confirmed=confirmed, reason=reason),
        PINS,
    )
    if done.done:
        notify("Saved" if done.value is None else "Saved; what needs a second person waits for approval")
        return redirect_to(url_for("members.show_member", member_id=member_id))
    twins = known_twins(form.details().likeness, member_id) if form.status == CONFLICT else []
    return member_page("members/edit.html", member_id, status=form.status, form=form, twins=twins)
