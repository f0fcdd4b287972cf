"""One request: what it does, who agreed, what this person may do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import current_app, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from sacco_app.approvals import queries, service
from sacco_app.approvals.errors import ReasonNeeded
from sacco_app.approvals.forms import DecisionForm
from sacco_app.approvals.models import ApprovalRequest
from sacco_app.approvals.registry import get_kind
from sacco_app.approvals.types import ApprovalsPermission as P
from sacco_app.approvals.types import ApprovalStatus, Check
from sacco_app.approvals.views.blueprint import blueprint
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.canonical import from_plain
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import local_url, notify, redirect_to, respond


def amount_of(row: ApprovalRequest) -> Money | None:
    """The amount that the request is about, if it is about one."""
    return Money(row.amount_minor, CURRENCIES[row.currency]) if row.amount_minor is not None and row.currency else None


def hidden_from(actor: Actor, row: ApprovalRequest) -> bool:
    """Whether effects and amount are kept from this reader: the maker of a blind count that may be counted again."""
    blind = row.maker_id == actor.user_id and get_kind(row.kind).blind
    return blind and row.status != ApprovalStatus.EXECUTED


@blueprint.get("/<uuid:request_id>")
@requires(P.REQUEST_VIEW)
def show_request(request_id: UUID) -> Response:
    return _page(request_id, DecisionForm())


def _page(request_id: UUID, form: DecisionForm) -> Response:
    session, actor = db.session(), current_actor()
    row = queries.get_request(session, actor, request_id)
    kind = get_kind(row.kind)
    decided = queries.decisions(session, request_id)
    agreed = sum(one.decision == "approve" for one in decided)
    timely = not queries.is_late(row, current_clock().now())
    spoken = {str(one.checker_id) for one in decided} | {str(row.maker_id), *row.beneficiaries}
    pending = row.status == ApprovalStatus.PENDING and timely
    hidden = hidden_from(actor, row)
    return respond(
        "approvals/request.html",
        block="form_region",
        status=form.status,
        row=row,
        kind=kind,
        amount=None if hidden else amount_of(row),
        effects=[("Figures", "The second person alone sees them")] if hidden else row.effects,
        form=form,
        decisions=decided,
        agreed=agreed,
        subject_url=_openable(actor, row.subject_url),
        result_url=_openable(actor, row.result_ref) if row.status == ApprovalStatus.EXECUTED else None,
        papers=kind.papers(session, row.id) if kind.papers else [],
        checks=_checks(row),
        timely=timely,
        may_decide=pending and str(actor.user_id) not in spoken and actor.may(kind.permission),
        may_execute=row.status == ApprovalStatus.APPROVED and row.maker_id == actor.user_id and timely,
        may_cancel=row.status in ("pending", "approved") and row.maker_id == actor.user_id and not kind.blind,
    )


def _checks(row: ApprovalRequest) -> list[Check]:
    """What must be there before the request is carried out, as it is now; nothing once it is decided."""
    kind = get_kind(row.kind)
    if kind.checks is None or row.status not in (ApprovalStatus.PENDING, ApprovalStatus.APPROVED):
        return []
    return kind.checks(db.session(), current_clock(), from_plain(kind.command, row.command))


@blueprint.post("/<uuid:request_id>/decision")
@requires(P.REQUEST_VIEW)
def decide(request_id: UUID) -> Response:
    form = DecisionForm()
    actor, clock = current_actor(), current_clock()
    reason = form.reason.data or ""
    verb = service.approve if request.form.get("decision") == "approve" else service.reject
    done = submit(form, lambda s: verb(s, actor, clock, request_id, reason), {ReasonNeeded: "reason"})
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


def _own(request_id: UUID, work: Callable[[Session, Actor, Clock], Any], words: str) -> Response:
    form = DecisionForm()
    actor, clock = current_actor(), current_clock()
    done = submit(form, lambda s: work(s, actor, clock))
    if not done.done:
        return _page(request_id, form)
    notify(words)
    target = local_url(done.value if isinstance(done.value, str) else None, url_for("approvals.my_requests"))
    return redirect_to(target)


def _openable(actor: Actor, url: str | None) -> str | None:
    """The address, if it is a page that the actor may open: nobody is led to a refusal."""
    if not url or not url.startswith("/"):
        return None
    try:
        endpoint, _ = current_app.create_url_adapter(request).match(url, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return None
    return url if may_open(actor, endpoint) else None
