"""Pages of the balance sheet and the income statement."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.kernel.dates import add_months, format_date, month_end
from sacco_app.kernel.db import db
from sacco_app.kernel.money import Currency, Money
from sacco_app.ledger import pages, statements
from sacco_app.ledger.blueprint import blueprint
from sacco_app.ledger.statements import RESULT, Statement
from sacco_app.ledger.types import Perm
from sacco_app.webkit.auth import current_actor, may_open, requires
from sacco_app.webkit.charts import BarChart, Datum, PairChart, StackedBar, bar_chart, pair_chart, stacked_bar
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Filter, Page, export

MONTHS = 12
ASSET_PARTS = (
    ("Cash and banks", ("1",)),
    ("Loans less allowance", ("4",)),
    ("Investments", ("3",)),
    ("Property and other", ("6",)),
)
FUND_PARTS = (
    ("Members' deposits", ("7", "8", "9")),
    ("Share capital", ("11",)),
    ("Reserves and surplus", ("12", "13", "14", "")),
    ("Borrowing", ("10.6",)),
)


def _detail() -> Filter:
    choices = [("accounts", "Lines and accounts")]
    return pages.shown_filter("detail", "Show", "", "select", choices, "Lines")


@blueprint.get("/balance-sheet")
@requires(Perm.REPORT_VIEW)
def balance_sheet() -> Response:
    session, actor = db.session(), current_actor()
    as_of = pages.day_argument("as_of", pages.working_day(session, actor))
    before = pages.day_argument("before", as_of.replace(day=1) - timedelta(days=1))
    chosen, currency, detail = pages.scope(session, actor), pages.currency(session), _detail()
    before = min(before, as_of)
    sheet = statements.balance_sheet(
        session, as_of, before, currency, chosen.ids, with_accounts=detail.value == "accounts"
    )
    filters = (
        pages.shown_filter("as_of", "At the end of", as_of.isoformat()),
        pages.shown_filter("before", "Compared with the end of", before.isoformat()),
        pages.scope_filter(session, actor, chosen),
        detail,
    )
    page = _page(sheet, format_date(as_of), format_date(before), {"to": as_of.isoformat(), "branch": chosen.branch_id})
    title = f"Balance sheet, {format_date(as_of)}, {currency.code}"
    return export(page, f"balance-sheet-{as_of.isoformat()}", title=title, filters=filters) or respond(
        "ledger/balance_sheet.html",
        block="results",
        page=page,
        filters=filters,
        sums=sheet.sums,
        result=sheet.sums[RESULT][0],
        pictures=[
            ("What the SACCO has", _parts(sheet, "Total assets", ASSET_PARTS)),
            ("Where it comes from", _parts(sheet, "Total liabilities and equity", FUND_PARTS)),
        ],
    )


def _parts(sheet: Statement, whole: str, named: tuple[tuple[str, tuple[str, ...]], ...]) -> StackedBar | None:
    """The parts of one side as a strip; none where a part is negative, because a strip cannot show that."""
    lines = _lines_until(sheet, whole)
    total, data = sheet.sums[whole][0], []
    for title, codes in named:
        part = sum((minor for code, minor in lines if _is_in(code, codes)), 0)
        data.append((title, part))
    data.append(("Other", total.minor - sum(minor for _, minor in data)))
    if total.minor <= 0 or any(minor < 0 for _, minor in data):
        return None
    return stacked_bar([Datum(title, minor, Money(minor, total.currency).format()) for title, minor in data if minor])


def _lines_until(sheet: Statement, whole: str) -> list[tuple[str, int]]:
    """The lines of one side of the balance sheet: those between the total before and the total `whole`."""
    held: list[tuple[str, int]] = []
    for row in sheet.rows:
        if row.mark == "total":
            if row.title == whole:
                break
            held = []
        elif row.mark == "line" and row.amount is not None:
            held.append((row.code, row.amount.minor))
    return held


def _is_in(code: str, codes: tuple[str, ...]) -> bool:
    return any(code == one or (code.startswith(f"{one}.") and one not in ("10", "11")) for one in codes)


@blueprint.get("/income-statement")
@requires(Perm.REPORT_VIEW)
def income_statement() -> Response:
    session, actor = db.session(), current_actor()
    today = pages.working_day(session, actor)
    last = pages.day_argument("to", today)
    first = min(pages.day_argument("from", last.replace(day=1)), last)
    chosen, currency, detail = pages.scope(session, actor), pages.currency(session), _detail()
    compared = pages.shown_filter(
        "compare",
        "Compared with",
        "before",
        "select",
        [("before", "The time before"), ("year", "A year before")],
        "Nothing",
    )
    then = _earlier(first, last, compared.value)
    sheet = statements.income_statement(
        session, (first, last), then, currency, chosen.ids, with_accounts=detail.value == "accounts"
    )
    filters = (
        pages.shown_filter("from", "From", first.isoformat()),
        pages.shown_filter("to", "To", last.isoformat()),
        compared,
        pages.scope_filter(session, actor, chosen),
        detail,
    )
    days = {"from": first.isoformat(), "to": last.isoformat(), "branch": chosen.branch_id}
    page = _page(sheet, _words(first, last), _words(*then) if then else "", days)
    title = f"Income statement, {_words(first, last)}, {currency.code}"
    return export(page, f"income-statement-{last.isoformat()}", title=title, filters=filters) or respond(
        "ledger/income_statement.html",
        block="results",
        page=page,
        filters=filters,
        sums=sheet.sums,
        pictures=_months(session, last, currency, chosen),
    )


def _earlier(first: date, last: date, how: str) -> tuple[date, date] | None:
    """The period to compare with: whole months before whole months, else as many days before; or a year before."""
    if how == "year":
        return add_months(first, -12), add_months(last, -12)
    if how != "before":
        return None
    if first.day == 1 and last == month_end(last):
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        return add_months(first, -months), first - timedelta(days=1)
    if first.day == 1 and first.month == last.month and first.year == last.year:
        return add_months(first, -1), add_months(last, -1)
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)


def _words(first: date, last: date) -> str:
    whole = first.day == 1 and last == month_end(first)
    return f"{first:%B %Y}" if whole else f"{format_date(first)} to {format_date(last)}"


def _months(session: Session, last: date, currency: Currency, chosen: pages.Scope) -> tuple[PairChart, BarChart] | None:
    """Income and expenses, and what was left, of each month of the year that ends with the month of `last`."""
    by_month = statements.income_by_month(
        session, add_months(last.replace(day=1), 1 - MONTHS), last, currency, chosen.ids
    )
    if len(by_month) < 2:
        return None
    income, expenses, surplus = (
        [Datum(f"{month:%b}", minor, Money(minor, currency).format()) for month, minor in series]
        for series in zip(*[_three(month, *amounts) for month, amounts in by_month], strict=True)
    )
    unit = 10**currency.exponent
    return pair_chart(income, expenses, ("Income", "Expenses"), unit), bar_chart(surplus, unit)


def _three(month: date, income: int, expenses: int) -> tuple[tuple[date, int], ...]:
    return (month, income), (month, expenses), (month, income - expenses)


def _page(sheet: Statement, now: str, before: str, days: dict[str, Any]) -> Page:
    columns = [Column("code", "Line"), Column("title", "What"), Column("amount", now, "money")]
    if before:
        columns += [Column("before", before, "money"), Column("change", "Change", "money")]
    linked = may_open(current_actor(), "ledger.show_account")
    rows = [
        {
            "_mark": "" if row.mark == "line" else row.mark,
            "code": row.code,
            "title": _titled(row.title, row.account_id if linked else None, days),
            "amount": row.amount,
            "before": row.before,
            "change": row.change,
        }
        for row in sheet.rows
    ]
    empty = Empty("Nothing is booked in this time", "Choose other days above.")
    return Page(columns, rows, len(rows), {}, 1, max(1, len(rows)), "", "asc", (), empty, is_report=True)


def _titled(title: str, account_id: UUID | None, days: dict[str, Any]) -> Any:
    if account_id is None:
        return title
    return {"text": title, "url": url_for("ledger.show_account", account_id=account_id, **days)}
