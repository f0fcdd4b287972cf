"""The transfer page: who gets it and what it costs stand there before anything is posted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.errors import SaccoError
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries, service
from sacco_app.savings.blueprint import blueprint
from sacco_app.savings.errors import AccountUnknown, FirstDepositTooSmall, InsufficientFunds, SameAccount
from sacco_app.savings.forms import TransferForm
from sacco_app.savings.types import AccountFacts, PendingTransfer, Transfer
from sacco_app.savings.types import SavingsPermission as P
from sacco_app.transactions.errors import AboveLimit
from sacco_app.transactions.types import TransactionFacts, TransactionKind
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond

PINS: dict[type[SaccoError], str] = {
    InsufficientFunds: "amount",
    AboveLimit: "amount",
    FirstDepositTooSmall: "amount",
    AccountUnknown: "to_number",
    SameAccount: "to_number",
}


@blueprint.route("/accounts/<uuid:account_id>/transfer", methods=["GET", "POST"])
@requires(P.TRANSFER_MAKE)
def transfer(account_id: UUID) -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    account = queries.get_account(session, actor, account_id)
    form = TransferForm(account.ledger_balance.currency)
    if request.form.get("preview") and form.validate():
        return _previewed(session, account, form)

    def work(inner: Session) -> TransactionFacts | PendingTransfer:
        target = queries.find_by_number(inner, actor, form.to_number.data)
        command = Transfer(account_id, target.id, form.amount.data, form.narration.data or "", form.idempotency_key)
        return service.ask_transfer(inner, actor, clock, command)

    done = submit(form, work, PINS)
    if not done.done:
        return _page(account, form)
    if isinstance(done.value, PendingTransfer):
        notify("Above your limit: the money is held, and somebody else must approve", "warning")
        return redirect_to(url_for("approvals.show_request", request_id=done.value.request_id))
    notify(f"{done.value.amount} is transferred")
    return redirect_to(url_for("transactions.show_transaction", transaction_id=done.value.id))


def _page(account: AccountFacts, form: TransferForm, preview: Any = None) -> Response:
    owner = members.get_member(db.session(), account.member_id)
    return respond(
        "savings/transfer.html",
        block="form_region",
        status=form.status,
        form=form,
        account=account,
        owner=owner,
        preview=preview,
    )


def _previewed(session: Session, account: AccountFacts, form: TransferForm) -> Response:
    """Receiver, fee, duty and balance after, as they would be if it were posted now."""
    try:
        target = queries.find_by_number(session, current_actor(), form.to_number.data)
        if target.id == account.id:
            raise SameAccount
    except (AccountUnknown, SameAccount) as refused:
        form.refuse(refused, PINS)
        return _page(account, form)
    amount, day = form.amount.data, organisation.business_date(session, account.branch_id)
    charge = queries.charge_for(session, account, TransactionKind.TRANSFER, amount, day, "counter")
    owner = members.get_member(session, target.member_id)
    rows = [
        ("To", f"{target.number}, {owner.number} {owner.full_name}"),
        ("Amount", amount),
        ("Fee", charge.fee),
        *([("Excise duty on the fee", charge.duty)] if charge.duty else []),
        ("Leaves the account", amount + charge.total),
        ("Balance after", account.ledger_balance - amount - charge.total),
    ]
    return _page(account, form, rows)
