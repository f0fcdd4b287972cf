"""Pages of the approvals room: the queue, one request, the policies."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.approvals import jobs as _jobs  # noqa: F401 - declares the subscribers
from sacco_app.approvals import queries, rights, service
from sacco_app.approvals.forms import DecisionForm, PolicyForm
from sacco_app.approvals.models import ApprovalPolicy, ApprovalRequest
from sacco_app.approvals.registry import all_kinds, get_kind
from sacco_app.approvals.types import ApprovalsPermission as P
from sacco_app.approvals.types import ApprovalStatus
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.kernel.uow import run
from sacco_app.organisation import queries as organisation
from sacco_app.organisation.ports import register_check
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import local_url, notify, redirect_to, respond
from sacco_app.webkit.navigation import NavItem, add_navigation
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

blueprint = Blueprint("approvals", __name__, url_prefix="/approvals")


@blueprint.get("")
@requires(P.REQUEST_VIEW)
def list_requests() -> Response:
    actor = current_actor()
    columns = (
        Column("summary", "What"),
        Column("effect", "What it does"),
        Column("amount", "Amount", "money", sort=ApprovalRequest.amount_minor),
        Column("maker", "Asked by", sort=ApprovalRequest.maker_name),
        Column("made_at", "When", "datetime", sort=ApprovalRequest.made_at),
        Column("status", "Status", "status", sort=ApprovalRequest.status),
    )
    choices = [
        ("mine", "Waiting for me"),
        ("asked", "Asked by me"),
        *[(s.value, s.value.capitalize()) for s in ApprovalStatus],
    ]

    def narrowed(value: str) -> object:
        if value == "mine":
            return queries.for_checker(actor)
        return ApprovalRequest.maker_id == actor.user_id if value == "asked" else ApprovalRequest.status == value

    show = Filter("show", "Show", narrowed, "select", choices, default="" if "show" in request.args else "mine")  # type: ignore[arg-type]

    def cells(record: tuple[ApprovalRequest]) -> dict[str, object]:
        row = record[0]
        link = {"text": row.summary, "url": url_for("approvals.show_request", request_id=row.id)}
        return {
            "summary": link,
            "effect": " · ".join(f"{label}: {value}" for label, value in row.effects),
            "amount": _amount(row),
            "maker": row.maker_name,
            "made_at": row.made_at,
            "status": row.status,
        }

    query = select(ApprovalRequest).where(queries.in_scope(actor))
    empty = Empty("Nothing waits", "What needs a second person appears here.")
    page = paginate(
        db.session(),
        query,
        columns,
        cells,
        filters=(show,),
        empty=empty,
        default_sort="made_at",
        default_direction="desc",
    )
    return export(page, "approvals") or respond("approvals/list.html", block="results", page=page)


def _amount(row: ApprovalRequest) -> Money | None:
    return Money(row.amount_minor, CURRENCIES[row.currency]) if row.amount_minor is not None and row.currency else None


@blueprint.get("/<uuid:request_id>")
@requires(P.REQUEST_VIEW)
def show_request(request_id: UUID) -> Response:
    return _page(request_id, DecisionForm())


def _page(request_id: UUID, form: DecisionForm) -> Response:
    session, actor = db.session(), current_actor()
    row = queries.get_request(session, actor, request_id)
    kind = get_kind(row.kind)
    decided = queries.decisions(session, request_id)
    timely = row.expires_at > current_clock().now()
    spoken = {str(one.checker_id) for one in decided} | {str(row.maker_id), *row.beneficiaries}
    pending = row.status == ApprovalStatus.PENDING and timely
    return respond(
        "approvals/request.html",
        block="form_region",
        status=form.status,
        row=row,
        kind=kind,
        amount=_amount(row),
        form=form,
        decisions=decided,
        papers=kind.papers(session, row.id) if kind.papers else [],
        timely=timely,
        may_decide=pending and str(actor.user_id) not in spoken and actor.may(kind.permission),
        may_execute=row.status == ApprovalStatus.APPROVED and row.maker_id == actor.user_id and timely,
        may_cancel=row.status in ("pending", "approved") and row.maker_id == actor.user_id,
    )


@blueprint.post("/<uuid:request_id>/decision")
@requires(P.REQUEST_VIEW)
def decide(request_id: UUID) -> Response:
    form = DecisionForm()
    actor, clock = current_actor(), current_clock()
    reason = form.reason.data or ""
    verb = service.approve if request.form.get("decision") == "approve" else service.reject
    done = submit(form, lambda s: verb(s, actor, clock, request_id, reason))
    if not done.done:
        return _page(request_id, form)
    words = {
        "pending": "Approved: it waits for another person",
        "approved": "Approved: the person who asked carries it out",
    }
    notify(words.get(done.value.status, f"The request is {done.value.status}"))
    return redirect_to(url_for("approvals.list_requests"))


@blueprint.post("/<uuid:request_id>/execute")
@requires(P.REQUEST_VIEW)
def execute(request_id: UUID) -> Response:
    return _own(request_id, lambda s, actor, clock: service.execute(s, actor, clock, request_id), "It is done")


@blueprint.post("/<uuid:request_id>/cancel")
@requires(P.REQUEST_VIEW)
def cancel(request_id: UUID) -> Response:
    return _own(
        request_id, lambda s, actor, clock: service.cancel(s, actor, clock, request_id), "The request is taken back"
    )


def _own(request_id: UUID, work: object, words: str) -> Response:
    form = DecisionForm()
    actor, clock = current_actor(), current_clock()
    done = submit(form, lambda s: work(s, actor, clock))  # type: ignore[operator]
    if not done.done:
        return _page(request_id, form)
    notify(words)
    target = local_url(done.value if isinstance(done.value, str) else None, url_for("approvals.list_requests"))
    return redirect_to(target)


@blueprint.route("/policies", methods=["GET", "POST"])
@requires(P.POLICY_EDIT)
def policies() -> Response:
    session = db.session()
    currency = organisation.get_profile(session).currency
    kinds = [(kind.name, kind.title) for kind in all_kinds()]
    branches = [(str(branch.id), f"{branch.code} {branch.name}") for branch in organisation.list_branches(session)]
    form = PolicyForm(kinds, access.role_choices(session), branches, currency)
    actor, clock = current_actor(), current_clock()
    done = submit(form, lambda s: service.save_policy(s, actor, clock, form.to_command()))
    if done.done:
        notify("The policy is saved")
        return redirect_to(url_for("approvals.policies"))
    rows = session.scalars(select(ApprovalPolicy).order_by(ApprovalPolicy.kind, ApprovalPolicy.min_amount_minor)).all()
    named = dict(branches)
    shown = [
        (
            dict(kinds).get(row.kind, row.kind),
            named.get(str(row.branch_id), ""),
            row,
            Money(row.min_amount_minor, currency),
        )
        for row in rows
    ]
    return respond("approvals/policies.html", block="form_region", status=form.status, form=form, rows=shown)


@blueprint.post("/policies/<uuid:policy_id>/remove")
@requires(P.POLICY_EDIT)
def remove_policy(policy_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    run(actor, clock, lambda s: service.remove_policy(s, actor, clock, policy_id))
    notify("The policy is taken out of force")
    return redirect_to(url_for("approvals.policies"))


def waiting(actor: Actor) -> int:
    """How much work waits for the actor."""
    return queries.count_waiting(db.session(), actor)


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    rights.register()
    register_check("approvals", queries.carried_over, 20)
    add_navigation(
        app,
        NavItem("Control", "Approvals", "approvals.list_requests", "checks", 60, badge=waiting),
        NavItem("Control", "Approval policies", "approvals.policies", "shield-check", 75),
    )
