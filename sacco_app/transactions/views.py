"""Pages of the transactions room: list, one transaction, receipt, public check."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

import segno
from flask import Blueprint, Flask, current_app, request, url_for
from flask import Response as FlaskResponse
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.approvals import service as approvals
from sacco_app.approvals.registry import register_kind
from sacco_app.approvals.types import CommandKind
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.kernel.uow import run
from sacco_app.organisation import queries as organisation
from sacco_app.transactions import documents, queries, rules, service
from sacco_app.transactions import jobs as _jobs  # noqa: F401 - declares the subscribers
from sacco_app.transactions.forms import ReverseForm
from sacco_app.transactions.models import Transaction
from sacco_app.transactions.types import TITLES, RequestReversal, TransactionKind
from sacco_app.transactions.types import TransactionsPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, public, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.limits import PUBLIC_CHECK, limited
from sacco_app.webkit.navigation import NavItem, add_navigation
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

blueprint = Blueprint("transactions", __name__)


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
        Column("amount", "Amount", "money", sort=Transaction.amount_minor, total=Transaction.amount_minor),
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
    page.totals = {"amount": Money(int(page.totals["amount"]), currency)}
    return export(page, "transactions") or respond("transactions/list.html", block="results", page=page)


def _page(transaction_id: UUID, form: ReverseForm) -> Response:
    session, actor = db.session(), current_actor()
    row = queries.get_row(session, actor, transaction_id)
    currency = CURRENCIES[row.currency]
    reversal = queries.reversal_of(session, transaction_id)
    return respond(
        "transactions/transaction.html",
        block="form_region",
        status=form.status,
        row=row,
        title=TITLES[TransactionKind(row.kind)],
        amount=Money(row.amount_minor, currency),
        charge=queries.charge_of(row),
        maker=access.get_user(session, row.maker_id).name,
        form=form,
        reversal=reversal,
    )


@blueprint.get("/transactions/<uuid:transaction_id>")
@requires(P.TRANSACTION_VIEW)
def show_transaction(transaction_id: UUID) -> Response:
    return _page(transaction_id, ReverseForm())


@blueprint.post("/transactions/<uuid:transaction_id>/reverse")
@requires(P.TRANSACTION_REVERSE)
def request_reversal(transaction_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    form = ReverseForm()

    def work(session: object) -> UUID:
        service.check_reversible(session, actor, transaction_id)  # type: ignore[arg-type]
        command = RequestReversal(transaction_id, form.reason.data, actor.user_id)
        return approvals.submit(session, actor, clock, service.REVERSE, command, form.reason.data)  # type: ignore[arg-type]

    done = submit(form, work)
    if not done.done:
        return _page(transaction_id, form)
    notify("The reversal waits for another person")
    return redirect_to(url_for("transactions.show_transaction", transaction_id=transaction_id))


@blueprint.get("/transactions/<uuid:transaction_id>/receipt")
@requires(P.TRANSACTION_VIEW)
def show_receipt(transaction_id: UUID) -> Response:
    """Looking prints: every look after the first is a duplicate and is counted."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    row = queries.get_row(session, actor, transaction_id)
    before = run(actor, clock, lambda s: service.print_receipt(s, actor, clock, transaction_id))
    currency = CURRENCIES[row.currency]
    amount = Money(row.amount_minor, currency)
    balance = Money(row.balance_after_minor, currency) if row.balance_after_minor is not None else None
    return respond(
        "transactions/receipt.html",
        row=row,
        title=TITLES[TransactionKind(row.kind)],
        sacco=organisation.get_profile(session),
        branch=organisation.get_branch(session, row.branch_id),
        amount=amount,
        charge=queries.charge_of(row),
        words=rules.in_words(amount),
        balance=balance,
        duplicate=before,
        paper="paper-80" if request.args.get("paper") == "80" else "paper-a5",
        check_url=check_url(row.check_code),
    )


def check_url(code: str) -> str:
    """The public address that proves a receipt."""
    return f"{current_app.extensions['config'].public_url}/check/{code}"


@blueprint.get("/check/<string:code>")
@public
@limited(PUBLIC_CHECK)
def check_receipt(code: str) -> Response:
    session = db.session()
    row = queries.by_check_code(session, code)
    shown = None
    if row is not None:
        name = " ".join(f"{part[0]}{'*' * (len(part) - 1)}" for part in row.member_name.split())
        amount = Money(row.amount_minor, CURRENCIES[row.currency])
        shown = {
            "title": TITLES[TransactionKind(row.kind)],
            "name": name,
            "amount": amount,
            "at": row.at,
            "receipt": row.receipt_number,
        }
        shown["reversed"] = queries.reversal_of(session, row.id) is not None
    sacco = organisation.get_profile(session).name
    return respond("transactions/check.html", status=200 if shown else 404, shown=shown, sacco_name=sacco)


@blueprint.get("/check/<string:code>/picture")
@public
@limited(PUBLIC_CHECK)
def check_picture(code: str) -> Response:
    picture = io.BytesIO()
    segno.make(check_url(code[:16]), error="m").save(picture, kind="svg", scale=3, border=1)
    return FlaskResponse(picture.getvalue(), mimetype="image/svg+xml")


REVERSAL = CommandKind(
    name=service.REVERSE,
    title="Reversal of a transaction",
    command=RequestReversal,
    permission=P.REVERSAL_APPROVE,
    describe=service.describe_reversal,
    execute=service.execute_reversal,
)


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    documents.register()
    register_kind(REVERSAL)
    add_navigation(app, NavItem("Counter", "Transactions", "transactions.list_transactions", "receipt", 15))
