"""What waits for me, what I asked for, and everything that was ever asked: three pages of one list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement, Select, func, select
from werkzeug.wrappers import Response

from sacco_app.approvals import queries
from sacco_app.approvals.models import ApprovalDecision, ApprovalRequest
from sacco_app.approvals.registry import all_kinds
from sacco_app.approvals.types import ApprovalsPermission as P
from sacco_app.approvals.types import ApprovalStatus
from sacco_app.approvals.views.blueprint import blueprint
from sacco_app.approvals.views.requests import amount_of, hidden_from
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import start_of
from sacco_app.kernel.db import db
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, requires
from sacco_app.webkit.fields import parse_date
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

STATUSES = tuple((status.value, status.value.capitalize()) for status in ApprovalStatus)
AGREED = (
    select(func.count())
    .where(ApprovalDecision.request_id == ApprovalRequest.id, ApprovalDecision.decision == "approve")
    .scalar_subquery()
)


@blueprint.get("")
@requires(P.REQUEST_VIEW)
def list_requests() -> Response:
    """What this person may decide now."""
    actor = current_actor()
    empty = Empty("Nothing waits for you", "What needs a second person and is yours to decide appears here.")
    return _page("waiting", queries.for_checker(actor), empty, decided=False)


@blueprint.get("/mine")
@requires(P.REQUEST_VIEW)
def my_requests() -> Response:
    """What this person asked for, and what became of it."""
    mine = ApprovalRequest.maker_id == current_actor().user_id
    return _page("mine", mine, Empty("You asked for nothing yet", "What you ask for can be followed here."))


@blueprint.get("/all")
@requires(P.REQUEST_VIEW)
def all_requests() -> Response:
    """Everything in the actor's branches, with who decided."""
    return _page("all", queries.in_scope(current_actor()), Empty("Nothing fits", "Choose other days or fewer filters."))


def _filters(branches: list[tuple[str, str]], *, decided: bool) -> list[Filter]:
    kinds = [(kind.name, kind.title) for kind in all_kinds()]

    def since(text: str) -> ColumnElement[bool] | None:
        day = parse_date(text)
        return ApprovalRequest.made_at >= start_of(day) if day else None

    def until(text: str) -> ColumnElement[bool] | None:
        day = parse_date(text)
        return ApprovalRequest.made_at < start_of(day + timedelta(days=1)) if day else None

    def of_branch(text: str) -> ColumnElement[bool] | None:
        return ApprovalRequest.branch_id == UUID(text) if text in dict(branches) else None

    found = [
        Filter("q", "What or who", _says),
        Filter("kind", "Kind", lambda value: ApprovalRequest.kind == value, "select", kinds),
    ]
    if decided:
        found.append(Filter("status", "Status", lambda value: ApprovalRequest.status == value, "select", STATUSES))
        found += [Filter("from", "From", since, "date"), Filter("to", "To", until, "date")]
    if len(branches) > 1:
        found.append(Filter("branch", "Branch", of_branch, "select", branches))
    return found


def _says(text: str) -> ColumnElement[bool]:
    like = f"%{text}%"
    return ApprovalRequest.summary.ilike(like) | ApprovalRequest.maker_name.ilike(like)


def _page(tab: str, condition: ColumnElement[bool], empty: Empty, *, decided: bool = True) -> Response:
    session, actor = db.session(), current_actor()
    branches = [(str(branch.id), branch.name) for branch in organisation.list_branches(session, actor)]
    columns = [
        Column("summary", "What"),
        Column("effect", "What it does"),
        Column("amount", "Amount", "money", sort=ApprovalRequest.amount_minor),
        Column("maker", "Asked by", sort=ApprovalRequest.maker_name),
        Column("made_at", "When", "datetime", sort=ApprovalRequest.made_at),
        Column("progress", "Agreed"),
        Column("end", "Ends" if not decided else "Decided", "datetime", sort=ApprovalRequest.expires_at),
        Column("status", "Status", "status", sort=ApprovalRequest.status),
    ]
    query: Select[Any] = select(ApprovalRequest, AGREED).where(condition)
    page = paginate(
        session,
        query,
        [column for column in columns if column.key != ("effect" if decided else "status")],
        lambda record: _cells(*record, decided=decided),
        filters=_filters(branches, decided=decided),
        empty=empty,
        default_sort="made_at",
        default_direction="desc" if decided else "asc",
    )
    waiting = queries.count_waiting(session, actor)
    return export(page, f"approvals-{tab}") or respond(
        "approvals/list.html", block="results", page=page, tab=tab, waiting=waiting
    )


def _cells(row: ApprovalRequest, agreed: int, *, decided: bool) -> dict[str, object]:
    hidden = hidden_from(current_actor(), row)
    effect = " · ".join(f"{label}: {value}" for label, value in row.effects) if not hidden else ""
    return {
        "summary": {"text": row.summary, "url": url_for("approvals.show_request", request_id=row.id)},
        "effect": effect if len(effect) <= 180 else f"{effect[:179]}…",
        "amount": None if hidden else amount_of(row),
        "maker": row.maker_name,
        "made_at": row.made_at,
        "progress": f"{agreed} of {row.required}",
        "end": row.decided_at if decided else row.expires_at,
        "status": row.status,
    }


def waiting(actor: Actor) -> int:
    """How much work waits for the actor, for the navigation."""
    return queries.count_waiting(db.session(), actor)
