"""What the lists of fees and of limits share: which terms are in force, and how a page of one looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import request, url_for
from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.kernel.dates import format_date
from sacco_app.transactions.errors import TermEnded, TermInThePast, TermNotLater
from sacco_app.transactions.forms import DatedForm, EndForm
from sacco_app.transactions.models import FeeRuleRow, LimitRow
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, Page, paginate

Term = type[FeeRuleRow] | type[LimitRow]
SHOWS = [("now", "In force or coming"), ("force", "In force"), ("coming", "Coming"), ("ended", "Ended")]
PINS = {TermNotLater: "valid_from", TermInThePast: "valid_from"}
END_PINS = {TermEnded: "last_day", TermInThePast: "last_day"}


def state(row: FeeRuleRow | LimitRow, day: date) -> str:
    """Where a term stands on a day: coming, in force, ended."""
    if row.valid_from > day:
        return "coming"
    return "in_force" if row.valid_to is None or day <= row.valid_to else "ended"


def _shown(model: Term, day: date, value: str) -> ColumnElement[bool] | None:
    lasting = model.valid_to.is_(None) | (model.valid_to >= day)
    return {
        "now": lasting,
        "force": lasting & (model.valid_from <= day),
        "coming": model.valid_from > day,
        "ended": model.valid_to < day,
    }.get(value)


def listing(
    session: Session,
    model: Term,
    query: Select[Any],
    columns: Sequence[Column],
    cells: Callable[[Any], Mapping[str, Any]],
    day: date,
    kinds: Sequence[tuple[str, str]],
    empty: Empty,
) -> Page:
    """The table of terms; at first only those that hold or will."""
    filters = (
        Filter("kind", "For", lambda value: model.kind == value, "select", kinds),
        Filter(
            "show",
            "Show",
            lambda value: _shown(model, day, value),
            "select",
            SHOWS,
            default="" if "show" in request.args else "now",
        ),
    )
    return paginate(session, query, columns, cells, filters=filters, empty=empty, default_sort="kind")


def answer(
    form: DatedForm, work: Callable[[Session], UUID], heading: str, parent: tuple[str, str], **context: Any
) -> Response:
    """The form's page; when it was asked for, the request that waits for another person."""
    done = submit(form, work, PINS)
    if done.done:
        return waits(done.value)
    return page(form, heading, parent, **context)


def page(form: DatedForm, heading: str, parent: tuple[str, str], **context: Any) -> Response:
    """A form of a term, with what it changes."""
    ending: EndForm | None = context.get("ending")
    status = ending.status if ending is not None and ending.status != 200 else form.status
    return respond(
        "transactions/term.html",
        block="form_region",
        status=status,
        form=form,
        heading=heading,
        parent=parent,
        **{"scope": "", "present": "", "ending": None, "end_url": "", "action": request.path, **context},
    )


def waits(request_id: UUID) -> Response:
    notify("Asked for: another person must allow it before it holds", "info")
    return redirect_to(url_for("approvals.show_request", request_id=request_id))


def since(row: FeeRuleRow | LimitRow) -> str:
    """`since 1 Jan 2021`, or `from 1 to 31 Dec 2026`."""
    until = f" to {format_date(row.valid_to)}" if row.valid_to else ""
    return f"from {format_date(row.valid_from)}{until}"
