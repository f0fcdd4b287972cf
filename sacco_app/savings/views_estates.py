"""Asking that an heir is paid from the account of a member who died."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.errors import SaccoError
from sacco_app.members import estates as settlements
from sacco_app.members import queries as members
from sacco_app.members.types import Heir
from sacco_app.organisation import queries as organisation
from sacco_app.savings import estates, queries, service
from sacco_app.savings.blueprint import blueprint
from sacco_app.savings.errors import AccountNotOpen, AccountUnknown, GuardianNeeded, SameAccount
from sacco_app.savings.forms import PayHeirForm, PayHeirToAccountForm
from sacco_app.savings.types import SavingsPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond

PINS: dict[type[SaccoError], str] = {
    AccountUnknown: "to_number",
    AccountNotOpen: "to_number",
    SameAccount: "to_number",
    GuardianNeeded: "paid_to",
}


@blueprint.route("/accounts/<uuid:account_id>/heirs/<uuid:heir_id>", methods=["GET", "POST"])
@requires(P.TRANSFER_MAKE)
def pay_heir(account_id: UUID, heir_id: UUID) -> Response:
    """To a member's account, when a second person has allowed it."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    account = queries.get_account(session, actor, account_id)
    estate, heir = settlements.payable(session, heir_id)
    due = estates.due(session, estate, account, heir_id)
    form = PayHeirToAccountForm(data=takes_it(account_id, heir))

    def work(inner: Session) -> UUID:
        target = queries.find_by_number(inner, actor, form.to_number.data)
        return service.ask_payout_to_account(inner, actor, clock, form.to_command(due, target.id))

    done = submit(form, work, PINS)
    if not done.done:
        return payout_page(account_id, heir_id, form, cash=False)
    notify("Asked for: another person must allow it", "info")
    return redirect_to(url_for("approvals.show_request", request_id=done.value))


def takes_it(account_id: UUID, heir: Heir) -> dict[str, str]:
    """Who is commonly paid: the heir; for a minor nobody is filled in."""
    session = db.session()
    account = queries.get_account(session, current_actor(), account_id)
    day = organisation.business_date(session, account.branch_id)
    return {"paid_to": "" if settlements.is_minor(heir, day) else heir.name}


def payout_page(account_id: UUID, heir_id: UUID, form: PayHeirForm, *, cash: bool) -> Response:
    """The form of a payout with what the decision needs: the heir, the part, what was paid before."""
    session, actor = db.session(), current_actor()
    account = queries.get_account(session, actor, account_id)
    estate, heir = settlements.payable(session, heir_id)
    return respond(
        "savings/pay_heir.html",
        block="form_region",
        status=form.status,
        form=form,
        account=account,
        owner=members.get_member(session, account.member_id),
        heir=heir,
        due=estates.due(session, estate, account, heir_id),
        minor=settlements.is_minor(heir, organisation.business_date(session, account.branch_id)),
        cash=cash,
    )
