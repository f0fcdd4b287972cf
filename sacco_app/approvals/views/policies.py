"""The policies: from which amount on how many must agree. They are changed by two people, like what they guard."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.approvals import policies as service
from sacco_app.approvals import queries
from sacco_app.approvals.forms import PolicyForm
from sacco_app.approvals.models import ApprovalPolicy
from sacco_app.approvals.registry import all_kinds
from sacco_app.approvals.types import ApprovalsPermission as P
from sacco_app.approvals.views.blueprint import blueprint
from sacco_app.kernel.db import db
from sacco_app.kernel.money import Money
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond

SENT = "It waits for a second person"


@blueprint.route("/policies", methods=["GET", "POST"])
@requires(P.POLICY_EDIT)
def policies() -> Response:
    form = _form()
    actor, clock = current_actor(), current_clock()
    done = submit(form, lambda s: service.ask_save(s, actor, clock, form.to_command()))
    if not done.done:
        return _page(form)
    notify(SENT)
    return redirect_to(url_for("approvals.policies"))


def _form() -> PolicyForm:
    session = db.session()
    kinds = [(kind.name, kind.title) for kind in all_kinds()]
    branches = [(str(branch.id), f"{branch.code} {branch.name}") for branch in organisation.list_branches(session)]
    return PolicyForm(kinds, access.role_choices(session), branches, organisation.get_profile(session).currency)


def _page(form: PolicyForm, refusal: str = "") -> Response:
    session = db.session()
    currency = organisation.get_profile(session).currency
    titles = {kind.name: kind.title for kind in all_kinds()}
    named: dict[UUID | None, str] = {branch.id: branch.name for branch in organisation.list_branches(session)}
    rows = session.scalars(select(ApprovalPolicy).order_by(ApprovalPolicy.kind, ApprovalPolicy.min_amount_minor))
    shown = [
        (titles.get(row.kind, row.kind), named.get(row.branch_id, ""), row, Money(row.min_amount_minor, currency))
        for row in rows
    ]
    waiting = [(one.summary, f"/approvals/{one.id}") for one in queries.waiting_for(session, service.URL)]
    return respond(
        "approvals/policies.html",
        block="form_region",
        status=409 if refusal else form.status,
        form=form,
        rows=shown,
        waiting=waiting,
        refusal=refusal,
    )


@blueprint.post("/policies/<uuid:policy_id>/remove")
@requires(P.POLICY_EDIT)
def remove_policy(policy_id: UUID) -> Response:
    form, actor, clock = SaccoForm(), current_actor(), current_clock()
    done = submit(form, lambda s: service.ask_remove(s, actor, clock, policy_id))
    if not done.done:
        return _page(_form(), form.refusal or "")
    notify(SENT)
    return redirect_to(url_for("approvals.policies"))
