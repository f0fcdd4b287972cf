"""The page of the day book: every line of a business date, and what each kind of event moved."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from sacco_app.kernel.clock import KAMPALA
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.db import db
from sacco_app.kernel.money import Currency, Money
from sacco_app.ledger import pages
from sacco_app.ledger.blueprint import blueprint
from sacco_app.ledger.catalogue import event_mark, event_name
from sacco_app.ledger.models import GlAccount, Journal, JournalLine
from sacco_app.ledger.types import Perm
from sacco_app.webkit.auth import current_actor, may_open, requires
from sacco_app.webkit.charts import Datum, bar_chart
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Page, export, paginate

MOST_BARS = 12


@blueprint.get("/day-book")
@requires(Perm.REPORT_VIEW)
def day_book() -> Response:
    session, actor = db.session(), current_actor()
    day, currency = pages.day_argument("day", pages.working_day(session, actor)), pages.currency(session)
    chosen, event = pages.scope(session, actor), pages.event_filter(Journal.event_code)
    conditions = [JournalLine.business_date == day, JournalLine.currency == currency.code]
    if chosen.ids is not None:
        conditions.append(JournalLine.branch_id.in_(chosen.ids))
    picked = event.apply(event.value) if event.value else None
    if picked is not None:
        conditions.append(picked)
    filters = (
        pages.shown_filter("day", "Day", day.isoformat()),
        pages.scope_filter(session, actor, chosen),
        event,
    )
    page = _lines(conditions, currency)
    title = f"Day book, {format_date(day)}, {currency.code}"
    return export(page, f"day-book-{day.isoformat()}", title=title, filters=filters) or respond(
        "ledger/day_book.html",
        block="results",
        page=page,
        filters=filters,
        day=day,
        **_figures(conditions, currency, day),
    )


def _figures(conditions: list[Any], currency: Currency, day: date) -> dict[str, Any]:
    """How many journals there are, what they moved, and the same by event."""
    moved = func.sum(JournalLine.debit_minor)
    query = (
        select(Journal.event_code, func.count(Journal.id.distinct()), moved)
        .join(Journal, Journal.id == JournalLine.journal_id)
        .where(*conditions)
        .group_by(Journal.event_code)
        .order_by(moved.desc())
    )
    rows = [(code, int(count), Money(int(minor), currency)) for code, count, minor in db.session().execute(query)]
    data = [Datum(event_mark(code), money.minor, money.format()) for code, _, money in rows[:MOST_BARS]]
    events = [[event_name(code), f"{count:,}", money] for code, count, money in rows]
    return {
        "journals": sum(count for _, count, _ in rows),
        "total": Money(sum(money.minor for _, _, money in rows), currency),
        "events": events,
        "picture": bar_chart(data, 10**currency.exponent, in_time=False) if len(data) > 1 else None,
    }


def _lines(conditions: list[Any], currency: Currency) -> Page:
    columns = (
        Column("number", "Journal", sort=Journal.number),
        Column("time", "Time"),
        Column("event", "Event", sort=Journal.event_code),
        Column("account", "Account", sort=GlAccount.code),
        Column("narration", "Narration"),
        Column("debit", "Debit", "money", sort=JournalLine.debit_minor, total=JournalLine.debit_minor),
        Column("credit", "Credit", "money", sort=JournalLine.credit_minor, total=JournalLine.credit_minor),
    )

    linked = may_open(current_actor(), "ledger.show_journal")

    def cells(record: Any) -> dict[str, Any]:
        line, journal, account = record
        return {
            "number": {
                "text": str(journal.number),
                "url": url_for("ledger.show_journal", journal_id=journal.id) if linked else "",
            },
            "time": f"{journal.posted_at.astimezone(KAMPALA):%H:%M}",
            "event": event_mark(journal.event_code),
            "account": f"{account.code} {account.name}",
            "narration": journal.narration,
            "debit": Money(line.debit_minor, currency) if line.debit_minor else None,
            "credit": Money(line.credit_minor, currency) if line.credit_minor else None,
        }

    query: Any = (
        select(JournalLine, Journal, GlAccount)
        .join(Journal, Journal.id == JournalLine.journal_id)
        .join(GlAccount, GlAccount.id == JournalLine.gl_account_id)
        .where(*conditions)
    )
    empty = Empty("Nothing was posted on this day", "Choose another day above.")
    page = paginate(db.session(), query, columns, cells, empty=empty, default_sort="number")
    page.totals = {key: Money(int(value), currency) for key, value in page.totals.items()}
    return page
