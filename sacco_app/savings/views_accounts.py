"""Pages of one account: its statement, opening, closing, waking it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.approvals import queries as approvals
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.db import db
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries, service
from sacco_app.savings.blueprint import blueprint
from sacco_app.savings.forms import AccountReasonForm, OpenAccountForm
from sacco_app.savings.statements import Statement, statement
from sacco_app.savings.types import AccountFacts, CloseAccount, ReactivateAccount
from sacco_app.savings.types import SavingsPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Page, export

COLUMNS = (
    Column("day", "Date", "date"),
    Column("value_date", "Value date", "date"),
    Column("reference", "Reference"),
    Column("through", "Through"),
    Column("narration", "Narration"),
    Column("out", "Out", "money"),
    Column("in", "In", "money"),
    Column("balance", "Balance", "money"),
)
SHOWN_DAYS = 90


def _period(today: date) -> tuple[date, date]:
    """The days asked for; without an answer the last ninety. Days the wrong way round are turned."""
    first = _day(request.args.get("from", ""), today - timedelta(days=SHOWN_DAYS))
    last = _day(request.args.get("to", ""), today)
    return min(first, last), max(first, last)


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


@blueprint.get("/accounts/<uuid:account_id>")
@requires(P.ACCOUNT_VIEW)
def show_account(account_id: UUID) -> Response:
    session, actor = db.session(), current_actor()
    account = queries.get_account(session, actor, account_id)
    today = organisation.business_date(session, account.branch_id)
    shown = statement(session, account, *_period(today))
    return _file(account, shown) or respond(
        "savings/account.html",
        block="statement",
        account=account,
        owner=members.get_member(session, account.member_id),
        sacco=organisation.get_profile(session),
        branch=organisation.get_branch(session, account.branch_id),
        today=today,
        statement=shown,
        holds=queries.holds_shown(session, account_id),
        reader_id=actor.user_id,
        waiting=approvals.waiting_for(session, url_for("savings.show_account", account_id=account_id)),
    )


def _file(account: AccountFacts, shown: Statement) -> Response | None:
    """The statement as a file, with the balances brought and carried forward; None when a page is asked for."""
    cells = [
        (
            line.business_date,
            line.value_date,
            shown.reference(line),
            shown.channel(line),
            line.narration,
            line.debit or None,
            line.credit or None,
            line.balance_after,
        )
        for line in shown.lines
    ]
    brought = (shown.first, None, "", "", "Balance brought forward", None, None, shown.opening)
    carried = (shown.last, None, "", "", "Balance carried forward", shown.total_out, shown.total_in, shown.closing)
    keys = [column.key for column in COLUMNS]
    rows = [dict(zip(keys, row, strict=True)) for row in (brought, *cells, carried)]
    page = Page(COLUMNS, rows, len(rows), {}, 1, len(rows), "", "asc", (), Empty(""))
    period = ("Period", f"{format_date(shown.first)} to {format_date(shown.last)}")
    title = f"Statement of {account.number}, {shown.closing.currency.code}"
    return export(page, f"statement-{account.number}", title=title, facts=(period, ("Product", account.product_name)))


@blueprint.route("/members/<uuid:member_id>/open-account", methods=["GET", "POST"])
@requires(P.ACCOUNT_OPEN)
def open_account(member_id: UUID) -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    owner = members.get_row(session, actor, member_id)
    offered = [product for product in queries.products(session).values() if product.is_active]
    form = OpenAccountForm([(product.code, product.name) for product in offered])
    done = submit(form, lambda s: service.open_account(s, actor, clock, form.to_command(member_id)))
    if done.done:
        notify("The account is open")
        return redirect_to(url_for("savings.show_account", account_id=done.value))
    return respond("savings/open.html", block="form_region", status=form.status, form=form, owner=owner)


def _end_page(account: AccountFacts, form: SaccoForm, template: str) -> Response:
    owner = members.get_member(db.session(), account.member_id)
    return respond(template, block="form_region", status=form.status, form=form, account=account, owner=owner)


@blueprint.route("/accounts/<uuid:account_id>/close", methods=["GET", "POST"])
@requires(P.ACCOUNT_CLOSE)
def close_account(account_id: UUID) -> Response:
    """End the account: at once when it is empty, else after a second person has allowed to pay everything out."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    account, form = queries.get_account(session, actor, account_id), AccountReasonForm()

    def work(inner: Session) -> UUID | None:
        return service.close_account(inner, actor, clock, CloseAccount(account_id, form.reason.data))

    done = submit(form, work)
    if not done.done:
        return _end_page(account, form, "savings/close.html")
    if done.value is None:
        notify(f"{account.number} is closed")
        return redirect_to(url_for("savings.show_account", account_id=account_id))
    notify("Asked for: another person must allow that everything is paid out", "info")
    return redirect_to(url_for("approvals.show_request", request_id=done.value))


@blueprint.post("/accounts/<uuid:account_id>/keep")
@requires(P.ACCOUNT_CLOSE)
def keep_account(account_id: UUID) -> Response:
    """The member stays after all."""
    actor, clock, form = current_actor(), current_clock(), SaccoForm()
    done = submit(form, lambda s: service.keep_account(s, actor, clock, account_id))
    words = "The account stays open" if done.done else form.refusal or "This could not be done"
    notify(words, "success" if done.done else "error")
    return redirect_to(url_for("savings.show_account", account_id=account_id))


@blueprint.route("/accounts/<uuid:account_id>/reactivate", methods=["GET", "POST"])
@requires(P.ACCOUNT_OPEN)
def reactivate_account(account_id: UUID) -> Response:
    """Ask that a dormant account pays out again."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    account, form = queries.get_account(session, actor, account_id), AccountReasonForm()

    def work(inner: Session) -> UUID:
        return service.reactivate_account(inner, actor, clock, ReactivateAccount(account_id, form.reason.data))

    done = submit(form, work)
    if not done.done:
        return _end_page(account, form, "savings/reactivate.html")
    notify("Asked for: another person must allow it", "info")
    return redirect_to(url_for("approvals.show_request", request_id=done.value))
