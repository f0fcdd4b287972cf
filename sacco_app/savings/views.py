"""Pages of the savings room: account with statement, opening, transfer, products."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Flask, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.kernel.dates import format_date
from sacco_app.kernel.db import db
from sacco_app.kernel.dberrors import register_constraint
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger import queries as ledger
from sacco_app.ledger.ports import SubledgerSource, register_subledger
from sacco_app.ledger.types import SubledgerLine
from sacco_app.members import queries as members
from sacco_app.members.ports import Panel, register_panel
from sacco_app.organisation import queries as organisation
from sacco_app.savings import documents, queries, service
from sacco_app.savings import jobs as _jobs  # noqa: F401 - declares the subscribers
from sacco_app.savings.errors import AccountUnknown, InsufficientFunds
from sacco_app.savings.forms import OpenAccountForm, ProductForm, TransferForm
from sacco_app.savings.types import SUBLEDGER, Transfer
from sacco_app.savings.types import SavingsPermission as P
from sacco_app.savings.views_statements import blueprint as statements
from sacco_app.transactions.ports import register_products
from sacco_app.transactions.service import register_reverser
from sacco_app.transactions.types import TransactionFacts, TransactionKind
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.navigation import NavItem, add_navigation
from sacco_app.webkit.tables import Column, Empty, Page, export

blueprint = Blueprint("savings", __name__, url_prefix="/savings")


def _period(session: Session, branch_id: UUID) -> tuple[date, date]:
    today = organisation.business_date(session, branch_id)
    try:
        first = date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        first = today - timedelta(days=90)
    try:
        last = date.fromisoformat(request.args.get("to", ""))
    except ValueError:
        last = today
    return first, last


@blueprint.get("/accounts/<uuid:account_id>")
@requires(P.ACCOUNT_VIEW)
def show_account(account_id: UUID) -> Response:
    session, actor = db.session(), current_actor()
    account = queries.get_account(session, actor, account_id)
    first, last = _period(session, account.branch_id)
    lines = ledger.subledger_lines(session, SUBLEDGER, account_id, first, last)
    period = (("Period", f"{format_date(first)} to {format_date(last)}"), ("Product", account.product_name))
    title = f"Movements of {account.number}, {account.ledger_balance.currency.code}"
    return export(_movements(lines), f"statement-{account.number}", title=title, facts=period) or respond(
        "savings/account.html",
        account=account,
        owner=members.get_member(session, account.member_id),
        lines=lines,
        holds=[
            (hold, Money(hold.amount_minor, account.held.currency)) for hold in queries.open_holds(session, account_id)
        ],
        first=first,
        last=last,
    )


def _movements(lines: list[SubledgerLine]) -> Page:
    """The lines of a statement as a list that can be taken as a file."""
    columns = (
        Column("business_date", "Date", "date"),
        Column("value_date", "Value date", "date"),
        Column("narration", "Narration"),
        Column("debit", "Debit", "money"),
        Column("credit", "Credit", "money"),
        Column("balance_after", "Balance", "money"),
    )
    rows = [{column.key: getattr(line, column.key) for column in columns} for line in lines]
    return Page(columns, rows, len(rows), {}, 1, max(1, len(rows)), "", "asc", (), Empty("No movement in these days"))


@blueprint.route("/members/<uuid:member_id>/open-account", methods=["GET", "POST"])
@requires(P.ACCOUNT_OPEN)
def open_account(member_id: UUID) -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    owner = members.get_row(session, actor, member_id)
    choices = [(product.code, product.name) for product in queries.products(session).values() if product.is_active]
    form = OpenAccountForm(choices)
    done = submit(form, lambda s: service.open_account(s, actor, clock, form.to_command(member_id)))
    if done.done:
        notify("The account is open")
        return redirect_to(url_for("savings.show_account", account_id=done.value))
    return respond("savings/open.html", block="form_region", status=form.status, form=form, owner=owner)


@blueprint.route("/accounts/<uuid:account_id>/transfer", methods=["GET", "POST"])
@requires(P.TRANSFER_MAKE)
def transfer(account_id: UUID) -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    account = queries.get_account(session, actor, account_id)
    form = TransferForm(account.ledger_balance.currency)

    def work(inner: Session) -> TransactionFacts:
        target = queries.find_by_number(inner, actor, form.to_number.data)
        command = Transfer(account_id, target.id, form.amount.data, form.narration.data or "", form.idempotency_key)
        return service.transfer(inner, actor, clock, command)

    done = submit(form, work, {InsufficientFunds: "amount", AccountUnknown: "to_number"})
    if done.done:
        notify(f"{done.value.amount} is transferred")
        return redirect_to(url_for("savings.show_account", account_id=account_id))
    return respond("savings/transfer.html", block="form_region", status=form.status, form=form, account=account)


@blueprint.get("/products")
@requires(P.PRODUCT_VIEW)
def list_products() -> Response:
    rows = [
        (product, Money(product.min_balance_minor, CURRENCIES[product.currency]))
        for product in queries.products(db.session()).values()
    ]
    return respond("savings/products.html", rows=rows)


@blueprint.route("/products/<string:code>", methods=["GET", "POST"])
@requires(P.PRODUCT_EDIT)
def edit_product(code: str) -> Response:
    product = queries.products(db.session()).get(code)
    if product is None:
        raise AccountUnknown(number=code)
    currency = CURRENCIES[product.currency]
    least, first = Money(product.min_balance_minor, currency), Money(product.min_opening_minor, currency)
    form = ProductForm(currency, obj=product, data={"min_balance": least, "min_opening": first})
    done = submit(form, lambda s: service.save_product(s, current_actor(), current_clock(), form.to_command(code)))
    if done.done:
        notify("The product is saved")
        return redirect_to(url_for("savings.list_products"))
    return respond("savings/product.html", block="form_region", status=form.status, form=form, product=product)


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    app.register_blueprint(statements)
    documents.register()
    register_subledger(SubledgerSource(SUBLEDGER, "Savings accounts", queries.subledger_balances))
    register_products("savings", queries.product_choices)
    register_reverser(TransactionKind.TRANSFER, service.reverse_transfer)
    register_panel("savings", Panel("savings/_panel.html", queries.accounts_of))
    nothing = {"available": "nothing", "ledger": "the balance", "held": "what is", "minimum": "the"}
    register_constraint("ck_savings_accounts_ledger_balance_not_negative", lambda: InsufficientFunds(**nothing))
    add_navigation(app, NavItem("Products", "Savings products", "savings.list_products", "pig-money", 30))
    add_navigation(app, NavItem("Control", "Statements", "statements.new_statement_run", "files", 46))
