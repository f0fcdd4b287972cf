"""Pages of the journals: list, one journal, a manual one, its reversal."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import send_file, url_for
from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel.db import db
from sacco_app.kernel.files import FileNotAccepted, folder
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger import manual, pages, papers, queries
from sacco_app.ledger.blueprint import blueprint
from sacco_app.ledger.catalogue import event_mark, event_name
from sacco_app.ledger.chart import chart
from sacco_app.ledger.errors import NotReversibleHere
from sacco_app.ledger.forms import ManualJournalForm, ReversalForm
from sacco_app.ledger.models import DayClose, Journal
from sacco_app.ledger.types import Event, Perm
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

KINDS = (
    ("manual", "Made by people"),
    ("reversal", "Reversals"),
    ("late", "After the close of the day"),
    ("back_dated", "With an earlier value date"),
)


def _from(value: str) -> ColumnElement[bool] | None:
    day = _day(value)
    return Journal.business_date >= day if day else None


def _to(value: str) -> ColumnElement[bool] | None:
    day = _day(value)
    return Journal.business_date <= day if day else None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _kind(value: str) -> ColumnElement[bool] | None:
    if value == "late":
        after_close = select(func.min(DayClose.closed_at)).where(
            DayClose.branch_id == Journal.branch_id, DayClose.day >= Journal.business_date
        )
        return Journal.posted_at > after_close.scalar_subquery()
    known = {
        "manual": Journal.event_code == Event.MANUAL,
        "reversal": Journal.reverses_id.is_not(None),
        "back_dated": Journal.value_date < Journal.business_date,
    }
    return known.get(value)


def _words(value: str) -> ColumnElement[bool]:
    like = f"%{value}%"
    return or_(Journal.narration.ilike(like), Journal.source_ref.ilike(like), cast(Journal.number, Text) == value)


@blueprint.get("/journals")
@requires(Perm.JOURNAL_VIEW)
def list_journals() -> Response:
    session, actor = db.session(), current_actor()
    columns = (
        Column("number", "Number", sort=Journal.number),
        Column("business_date", "Date", "date", sort=Journal.business_date),
        Column("event", "Event", sort=Journal.event_code),
        Column("narration", "Narration"),
        Column("branch", "Branch"),
        Column("amount", "Amount", "money", sort=Journal.total_minor),
    )
    branches = {branch.id: branch.code for branch in organisation.list_branches(session)}

    def cells(record: Any) -> dict[str, Any]:
        row = record[0]
        return {
            "number": {"text": str(row.number), "url": url_for("ledger.show_journal", journal_id=row.id)},
            "business_date": row.business_date,
            "event": event_mark(row.event_code),
            "narration": row.narration,
            "branch": branches.get(row.branch_id),
            "amount": Money(row.total_minor, CURRENCIES[row.currency]),
        }

    filters = (
        Filter("q", "Search", _words),
        Filter("from", "From", _from, "date"),
        Filter("to", "To", _to, "date"),
        pages.branch_filter(session, actor, Journal.branch_id),
        pages.event_filter(Journal.event_code),
        Filter("kind", "Kind", _kind, "select", KINDS),
    )
    page = paginate(
        session,
        select(Journal).where(queries.in_scope(actor, Journal.branch_id)),
        columns,
        cells,
        filters=filters,
        empty=Empty("No journals here", "Every posted event appears here with its lines."),
        default_sort="number",
        default_direction="desc",
    )
    return export(page, "journals") or respond("ledger/journals.html", block="results", page=page)


@blueprint.get("/journals/<uuid:journal_id>")
@requires(Perm.JOURNAL_VIEW)
def show_journal(journal_id: UUID) -> Response:
    session, actor = db.session(), current_actor()
    journal = queries.get_journal(session, actor, journal_id)
    return respond(
        "ledger/journal.html",
        journal=journal,
        event=event_name(journal.event_code),
        papers=papers.of_journal(session, journal),
        names=access.names(session, [journal.maker_id, journal.checker_id]),
        branches={branch.id: branch for branch in organisation.list_branches(session)},
        may_reverse=actor.may(Perm.JOURNAL_REVERSE)
        and journal.event_code == Event.MANUAL
        and journal.reversed_by_id is None,
    )


@blueprint.get("/papers/<uuid:paper_id>")
@requires(Perm.JOURNAL_VIEW, Perm.JOURNAL_POST, Perm.JOURNAL_APPROVE)
def show_paper(paper_id: UUID) -> Response:
    paper = papers.get_paper(db.session(), current_actor(), paper_id)
    answer = send_file(folder() / paper.path, mimetype=paper.mime, download_name=paper.name, max_age=0)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.route("/journals/new", methods=["GET", "POST"])
@requires(Perm.JOURNAL_POST)
def new_journal() -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    form = ManualJournalForm()
    accounts = [
        (account.code, f"{account.code} {account.name}")
        for account in chart(session).by_code.values()
        if account.is_active and not account.is_control
    ]
    form.prepare(pages.branch_choices(session, actor), accounts, pages.currency(session))
    if not form.is_submitted():
        form.branch_id.data = str(actor.branch_id or "")
        form.business_date.data = pages.working_day(session, actor)
    handed_in = form.handed_in() if form.validate_on_submit() else ()
    outcome = submit(
        form,
        lambda s: manual.submit_manual(s, actor, clock, form.to_command(actor.user_id, handed_in), handed_in),
        {FileNotAccepted: "papers"},
    )
    if outcome.done:
        notify("The journal waits for a second person")
        return redirect_to(url_for("approvals.my_requests"))
    return respond("ledger/new_journal.html", block="form_region", status=form.status, form=form)


@blueprint.route("/journals/<uuid:journal_id>/reverse", methods=["GET", "POST"])
@requires(Perm.JOURNAL_REVERSE)
def reverse_journal(journal_id: UUID) -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    journal = queries.get_journal(session, actor, journal_id)
    if journal.event_code != Event.MANUAL:
        raise NotReversibleHere
    form = ReversalForm()
    if not form.is_submitted():
        form.business_date.data = pages.working_day(session, actor)
    outcome = submit(
        form, lambda s: manual.submit_reversal(s, actor, clock, form.to_command(journal_id, actor.user_id))
    )
    if outcome.done:
        notify("The reversal waits for a second person")
        return redirect_to(url_for("ledger.show_journal", journal_id=journal_id))
    return respond("ledger/reverse.html", block="form_region", status=form.status, form=form, journal=journal)
