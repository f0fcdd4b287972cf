"""Pages of the reports: trial balance and account statement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import func, literal, select
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.money import Money
from sacco_app.ledger import pages, queries
from sacco_app.ledger.blueprint import blueprint
from sacco_app.ledger.errors import AccountNotFound
from sacco_app.ledger.models import GlAccount, Journal, JournalLine
from sacco_app.ledger.types import CLASS_NAMES, Perm
from sacco_app.webkit.auth import current_actor, requires
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Filter, Page, export, paginate


@blueprint.get("/trial-balance")
@requires(Perm.REPORT_VIEW)
def trial_balance() -> Response:
    session, actor = db.session(), current_actor()
    as_of = pages.day_argument("as_of", pages.working_day(session, actor))
    choices = pages.branch_choices(session, actor)
    branch_id = pages.uuid_argument("branch")
    if branch_id is None and actor.branch_ids is not None:
        branch_id = actor.branch_id
    if branch_id is not None and not actor.sees_branch(branch_id):
        raise NotPermitted(branch_id=str(branch_id))
    book = queries.trial_balance(session, as_of, branch_id, pages.currency(session))
    rows: list[Any] = [
        {
            "code": {"text": row.code, "url": url_for("ledger.show_account", account_id=row.account_id)},
            "name": row.name,
            "class": CLASS_NAMES[row.account_class],
            "debit": row.debit or None,
            "credit": row.credit or None,
        }
        for row in book.rows
    ]
    columns = (
        Column("code", "Code"),
        Column("name", "Account"),
        Column("class", "Class"),
        Column("debit", "Debit", "money"),
        Column("credit", "Credit", "money"),
    )
    branch = Filter(
        "branch", "Branch", lambda _value: None, "select", choices, default=str(branch_id) if branch_id else ""
    )
    totals = {"debit": book.total_debit, "credit": book.total_credit}
    empty = Empty("Nothing is booked up to this day", "Choose a later day above.")
    filters = (pages.shown_filter("as_of", "At the end of", as_of.isoformat()), branch)
    page = Page(columns, rows, len(rows), totals, 1, max(1, len(rows)), "", "asc", (), empty)
    return export(page, f"trial-balance-{as_of.isoformat()}") or respond(
        "ledger/trial_balance.html", block="results", page=page, book=book, filters=filters
    )


@blueprint.get("/accounts/<uuid:account_id>")
@requires(Perm.ACCOUNT_VIEW)
def show_account(account_id: UUID) -> Response:
    session, actor = db.session(), current_actor()
    account = session.get(GlAccount, account_id)
    if account is None:
        raise AccountNotFound
    today = pages.working_day(session, actor)
    first, last = pages.day_argument("from", today.replace(day=1)), pages.day_argument("to", today)
    currency = pages.currency(session)
    amount = JournalLine.debit_minor - JournalLine.credit_minor
    change = amount if account.normal_side == "D" else -amount
    conditions = [
        JournalLine.gl_account_id == account_id,
        JournalLine.currency == currency.code,
        queries.in_scope(actor, JournalLine.branch_id),
    ]
    branch = pages.branch_filter(session, actor, JournalLine.branch_id)
    chosen = branch.apply(branch.value) if branch.value else None
    if chosen is not None:
        conditions.append(chosen)
    before = select(func.coalesce(func.sum(change), 0)).where(*conditions, JournalLine.business_date < first)
    opening = int(session.execute(before).scalar_one())
    order = (JournalLine.business_date, Journal.number, JournalLine.line_no)
    lines = (
        select(
            func.row_number().over(order_by=order).label("place"),
            Journal.id.label("journal_id"),
            Journal.number,
            JournalLine.business_date,
            Journal.event_code,
            Journal.narration,
            JournalLine.debit_minor,
            JournalLine.credit_minor,
            (func.sum(change).over(order_by=order) + literal(opening)).label("balance"),
        )
        .join(Journal, Journal.id == JournalLine.journal_id)
        .where(*conditions, JournalLine.business_date >= first, JournalLine.business_date <= last)
        .subquery()
    )
    shown = Filter(branch.name, branch.label, lambda _value: None, "select", branch.choices)
    filters = (
        pages.shown_filter("from", "From", first.isoformat()),
        pages.shown_filter("to", "To", last.isoformat()),
        shown,
    )
    page = _statement(lines, currency)
    moved = page.totals["debit"] - page.totals["credit"]
    closing = Money(opening, currency) + (moved if account.normal_side == "D" else -moved)
    return export(page, f"account-{account.code}") or respond(
        "ledger/account.html",
        block="results",
        page=page,
        filters=filters,
        account=account,
        class_name=CLASS_NAMES[account.account_class],  # type: ignore[index]
        opening=Money(opening, currency),
        closing=closing,
        first=first,
        last=last,
    )


def _statement(lines: Any, currency: Any) -> Page:
    columns = (
        Column("date", "Date", "date", sort=lines.c.place),
        Column("number", "Journal"),
        Column("event", "Event"),
        Column("narration", "Narration"),
        Column("debit", "Debit", "money", total=lines.c.debit_minor),
        Column("credit", "Credit", "money", total=lines.c.credit_minor),
        Column("balance", "Balance", "money"),
    )

    def cells(row: Any) -> dict[str, Any]:
        return {
            "date": row.business_date,
            "number": {"text": str(row.number), "url": url_for("ledger.show_journal", journal_id=row.journal_id)},
            "event": row.event_code,
            "narration": row.narration,
            "debit": Money(row.debit_minor, currency) if row.debit_minor else None,
            "credit": Money(row.credit_minor, currency) if row.credit_minor else None,
            "balance": Money(int(row.balance), currency),
        }

    page = paginate(
        db.session(),
        select(lines),
        columns,
        cells,
        empty=Empty("No movement in these days", "Choose other days above."),
        default_sort="date",
    )
    page.totals = {key: Money(int(value), currency) for key, value in page.totals.items()}
    return page
