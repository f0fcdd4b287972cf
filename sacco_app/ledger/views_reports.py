"""Pages of the trial balance and of the statement of an account."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import func, literal, select
from werkzeug.wrappers import Response

from sacco_app.kernel.dates import format_date
from sacco_app.kernel.db import db
from sacco_app.kernel.money import Currency, Money
from sacco_app.ledger import balances, pages, queries
from sacco_app.ledger.blueprint import blueprint
from sacco_app.ledger.catalogue import event_mark, line_of
from sacco_app.ledger.chart import chart
from sacco_app.ledger.errors import AccountNotFound
from sacco_app.ledger.models import GlAccount, Journal, JournalLine
from sacco_app.ledger.types import CLASS_NAMES, AccountFacts, Perm, TrialBalance, TrialBalanceRow
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, may_open, requires
from sacco_app.webkit.charts import Datum, LineChart, line_chart
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Page, export, paginate

LONGEST_PICTURE = 400
CASH_FLOWS = {"O": "Operating", "I": "Investing", "F": "Financing", "C": "Cash itself"}


@blueprint.get("/trial-balance")
@requires(Perm.REPORT_VIEW)
def trial_balance() -> Response:
    session, actor = db.session(), current_actor()
    as_of = pages.day_argument("as_of", pages.working_day(session, actor))
    since, chosen = pages.maybe_day("since"), pages.scope(session, actor)
    since = since if since and since < as_of else None
    currency = pages.currency(session)
    book = queries.trial_balance(session, as_of, chosen.branch_id, currency, since=since, branches=chosen.ids)
    filters = (
        pages.shown_filter("as_of", "At the end of", as_of.isoformat()),
        pages.shown_filter("since", "Compared with the end of", since.isoformat() if since else ""),
        pages.scope_filter(session, actor, chosen),
    )
    page = _balances(book)
    title = f"Trial balance, {format_date(as_of)}, {currency.code}"
    return export(page, f"trial-balance-{as_of.isoformat()}", title=title, filters=filters) or respond(
        "ledger/trial_balance.html", block="results", page=page, book=book, filters=filters, chosen=chosen
    )


def _balances(book: TrialBalance) -> Page:
    if book.since is None:
        middle: tuple[Column, ...] = (Column("class", "Class"),)
    else:
        middle = (
            Column("opening", f"At {format_date(book.since)}", "money"),
            Column("moved_debit", "Debited since", "money"),
            Column("moved_credit", "Credited since", "money"),
        )
    sides = (Column("debit", "Debit", "money"), Column("credit", "Credit", "money"))
    columns = (Column("code", "Code"), Column("name", "Account"), *middle, *sides)
    totals: dict[str, Any] = {"debit": book.total_debit, "credit": book.total_credit}
    if book.since is not None:
        totals |= {"moved_debit": book.moved, "moved_credit": book.moved}
    rows = [_balance_cells(book, row) for row in book.rows]
    empty = Empty("Nothing is booked up to this day", "Choose a later day above.")
    return Page(columns, rows, len(rows), totals, 1, max(1, len(rows)), "", "asc", (), empty)


def _balance_cells(book: TrialBalance, row: TrialBalanceRow) -> dict[str, Any]:
    days: dict[str, Any] = {"to": book.as_of.isoformat(), "branch": book.branch_id}
    if book.since is not None:
        days["from"] = (book.since + timedelta(days=1)).isoformat()
    amounts = ("opening", "moved_debit", "moved_credit", "debit", "credit")
    linked = may_open(current_actor(), "ledger.show_account")
    url = url_for("ledger.show_account", account_id=row.account_id, **days) if linked else ""
    return {
        "code": {"text": row.code, "url": url},
        "name": row.name,
        "class": CLASS_NAMES[row.account_class],
        **{name: getattr(row, name) or None for name in amounts},
    }


@blueprint.get("/accounts/<uuid:account_id>")
@requires(Perm.ACCOUNT_VIEW)
def show_account(account_id: UUID) -> Response:
    session, actor = db.session(), current_actor()
    account, row = chart(session).by_id.get(account_id), session.get(GlAccount, account_id)
    if account is None or row is None:
        raise AccountNotFound
    today = pages.working_day(session, actor)
    last = pages.day_argument("to", today)
    first = min(pages.day_argument("from", last.replace(day=1)), last)
    chosen, currency = pages.scope(session, actor), pages.currency(session)
    filters = (
        pages.shown_filter("from", "From", first.isoformat()),
        pages.shown_filter("to", "To", last.isoformat()),
        pages.scope_filter(session, actor, chosen),
    )
    sign = 1 if account.normal_side == "D" else -1
    opening = sign * balances.balance(session, account.id, first, currency, chosen.ids, before=True)
    page = _statement(account, first, last, opening, currency, chosen)
    moved = page.totals["debit"].minor - page.totals["credit"].minor
    closing = Money(opening + sign * moved, currency)
    told = (("Opening balance", str(Money(opening, currency))), ("Closing balance", str(closing)))
    title = f"{account.code} {account.name}, {currency.code}"
    return export(page, f"account-{account.code}", title=title, filters=filters, facts=told) or respond(
        "ledger/account.html",
        block="results",
        page=page,
        filters=filters,
        account=account,
        mapping=_mapping(account, row),
        opening=Money(opening, currency),
        closing=closing,
        first=first,
        last=last,
        picture=_course(account, first, last, opening, currency, chosen),
    )


def _mapping(account: AccountFacts, row: GlAccount) -> list[tuple[str, str]]:
    """What the account is and where reports put it."""
    line, days = line_of(account), row.clearing_days
    return [
        ("Class", CLASS_NAMES[account.account_class]),
        ("Normal side", "Debit" if account.normal_side == "D" else "Credit"),
        ("Posted by", "System only" if account.is_control else "System and people"),
        ("Line of the statements", f"{line.code} {line.title}".strip()),
        ("PEARLS", row.pearls),
        ("Form 2", row.liquidity),
        ("Cash flow", CASH_FLOWS.get(row.cash_flow, "")),
        ("Cleared within", f"{days} working days" if days is not None else ""),
    ]


def _course(
    account: AccountFacts, first: date, last: date, opening: int, currency: Currency, chosen: pages.Scope
) -> LineChart | None:
    """The balance at the end of each day that moved it; no picture of fewer than three."""
    moved = balances.by_day(db.session(), account.id, first, last, currency, chosen.ids)
    if not 2 < len(moved) <= LONGEST_PICTURE:
        return None
    data, balance = [], opening
    for day, minor in moved:
        balance += minor if account.normal_side == "D" else -minor
        data.append(Datum(f"{day.day} {day:%b}", balance, Money(balance, currency).format()))
    return line_chart(data, unit=10**currency.exponent)


def _statement(
    account: AccountFacts, first: date, last: date, opening: int, currency: Currency, chosen: pages.Scope
) -> Page:
    amount = JournalLine.debit_minor - JournalLine.credit_minor
    order = (JournalLine.business_date, Journal.number, JournalLine.line_no)
    balance = func.sum(amount if account.normal_side == "D" else -amount).over(order_by=order) + literal(opening)
    query = (
        select(
            func.row_number().over(order_by=order).label("place"),
            Journal.id.label("journal_id"),
            *(Journal.number, JournalLine.business_date, JournalLine.branch_id, Journal.event_code, Journal.narration),
            *(JournalLine.debit_minor, JournalLine.credit_minor, balance.label("balance")),
        )
        .join(Journal, Journal.id == JournalLine.journal_id)
        .where(JournalLine.gl_account_id == account.id, JournalLine.currency == currency.code)
        .where(JournalLine.business_date >= first, JournalLine.business_date <= last)
    )
    if chosen.ids is not None:
        query = query.where(JournalLine.branch_id.in_(chosen.ids))
    lines = query.subquery()
    columns = (
        Column("date", "Date", "date", sort=lines.c.place),
        Column("number", "Journal"),
        Column("event", "Event"),
        Column("narration", "Narration"),
        *(() if chosen.branch_id else (Column("branch", "Branch"),)),
        Column("debit", "Debit", "money", total=lines.c.debit_minor),
        Column("credit", "Credit", "money", total=lines.c.credit_minor),
        Column("balance", "Balance", "money"),
    )
    branches = {branch.id: branch.code for branch in organisation.list_branches(db.session())}

    def cells(row: Any) -> dict[str, Any]:
        return {
            "date": row.business_date,
            "number": {"text": str(row.number), "url": url_for("ledger.show_journal", journal_id=row.journal_id)},
            "event": event_mark(row.event_code),
            "narration": row.narration,
            "branch": branches.get(row.branch_id),
            "debit": Money(row.debit_minor, currency) if row.debit_minor else None,
            "credit": Money(row.credit_minor, currency) if row.credit_minor else None,
            "balance": Money(int(row.balance), currency),
        }

    empty = Empty("No movement in these days", "Choose other days above.")
    page = paginate(db.session(), select(lines), columns, cells, empty=empty, default_sort="date")
    page.totals = {key: Money(int(value), currency) for key, value in page.totals.items()}
    return page
