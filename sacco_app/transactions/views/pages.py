"""Pages of the transactions: the list, one with its journal, asking for its reversal."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import url_for
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.access.types import CHANNEL_USERS
from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.kernel.actor import MEMBER_CHANNELS, SYSTEM_USER_ID
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger import queries as ledger
from sacco_app.organisation import queries as organisation
from sacco_app.transactions import ports, queries, service
from sacco_app.transactions.blueprint import blueprint
from sacco_app.transactions.errors import NotReversible
from sacco_app.transactions.forms import ReverseForm
from sacco_app.transactions.models import Transaction
from sacco_app.transactions.types import CHANNELS, TITLES, RequestReversal, TransactionKind
from sacco_app.transactions.types import TransactionsPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate


def _day(value: str, *, until: bool) -> ColumnElement[bool] | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return Transaction.business_date <= day if until else Transaction.business_date >= day


FILTERS = (
    Filter(
        "number",
        "Number or receipt",
        lambda v: Transaction.number.ilike(f"%{v}%") | Transaction.receipt_number.ilike(f"%{v}%"),
    ),
    Filter("kind", "Kind", lambda v: Transaction.kind == v, "select", [(k.value, t) for k, t in TITLES.items()]),
    Filter("from", "From", lambda v: _day(v, until=False), "date"),
    Filter("to", "To", lambda v: _day(v, until=True), "date"),
)


@blueprint.get("/transactions")
@requires(P.TRANSACTION_VIEW)
def list_transactions() -> Response:
    session = db.session()
    currency = organisation.get_profile(session).currency
    columns = (
        Column("at", "When", "datetime", sort=Transaction.at),
        Column("number", "Number"),
        Column("kind", "What", sort=Transaction.kind),
        Column("member", "Member", sort=Transaction.member_name),
        Column("receipt", "Receipt"),
        Column("amount", f"Amount, {currency.code}", "money", sort=Transaction.amount_minor),
    )

    def cells(record: tuple[Transaction]) -> dict[str, object]:
        row = record[0]
        link = {"text": row.number, "url": url_for("transactions.show_transaction", transaction_id=row.id)}
        amount = Money(row.amount_minor, CURRENCIES[row.currency])
        return {
            "at": row.at,
            "number": link,
            "kind": TITLES[TransactionKind(row.kind)],
            "member": row.member_name,
            "receipt": row.receipt_number,
            "amount": amount,
        }

    empty = Empty("No transaction in this time", "Choose other days or fewer filters.")
    page = paginate(
        session,
        queries.in_scope(current_actor()),
        columns,
        cells,
        filters=FILTERS,
        empty=empty,
        default_sort="at",
        default_direction="desc",
    )
    return export(page, "transactions") or respond("transactions/list.html", block="results", page=page)


def _page(transaction_id: UUID, form: ReverseForm) -> Response:
    session, actor = db.session(), current_actor()
    row = queries.get_row(session, actor, transaction_id)
    currency = CURRENCIES[row.currency]
    asked = approval_queries.waiting_for(session, url_for("transactions.show_transaction", transaction_id=row.id))
    return respond(
        "transactions/transaction.html",
        block="form_region",
        status=form.status,
        row=row,
        title=TITLES[TransactionKind(row.kind)],
        amount=Money(row.amount_minor, currency),
        charge=queries.charge_of(row),
        maker=_maker(session, row),
        channel=CHANNELS.get(row.channel, row.channel),
        form=form,
        journal=ledger.get_journal(session, actor, row.journal_id) if row.journal_id else None,
        branches={branch.id: branch.code for branch in organisation.list_branches(session)},
        original=queries.get_row(session, actor, row.reverses_id) if row.reverses_id else None,
        reversal=queries.reversal_of(session, transaction_id),
        waiting=next((one for one in asked if one.kind == service.REVERSE), None),
        may_reverse=service.has_reverser(row.kind),
        barred=_barred(session, row),
        details=ports.details_of(session, transaction_id),
    )


def _barred(session: Session, row: Transaction) -> str:
    """Why it cannot be taken back any more, and what to do instead; empty when it can."""
    try:
        service.check_guard(session, row)
    except NotReversible as error:
        return error.message
    return ""


def _maker(session: Session, row: Transaction) -> str:
    if row.channel in MEMBER_CHANNELS and row.maker_id in (SYSTEM_USER_ID, *CHANNEL_USERS.values()):
        return "the member"
    return access.get_user(session, row.maker_id).name


@blueprint.get("/transactions/<uuid:transaction_id>")
@requires(P.TRANSACTION_VIEW)
def show_transaction(transaction_id: UUID) -> Response:
    return _page(transaction_id, ReverseForm())


@blueprint.post("/transactions/<uuid:transaction_id>/reverse")
@requires(P.TRANSACTION_REVERSE)
def request_reversal(transaction_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    form = ReverseForm()

    def work(session: Session) -> UUID:
        service.check_reversible(session, actor, transaction_id)
        command = RequestReversal(transaction_id, form.reason.data, actor.user_id)
        return approvals.submit(session, actor, clock, service.REVERSE, command, form.reason.data)

    done = submit(form, work)
    if not done.done:
        return _page(transaction_id, form)
    notify("The reversal waits for another person")
    return redirect_to(url_for("transactions.show_transaction", transaction_id=transaction_id))
