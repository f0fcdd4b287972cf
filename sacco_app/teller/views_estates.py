"""The page on which a teller asks to pay an heir in cash."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.members import estates as settlements
from sacco_app.savings import estates, queries
from sacco_app.savings.forms import PayHeirForm
from sacco_app.savings.views_estates import PINS, payout_page, takes_it
from sacco_app.teller import service
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.types import TellerPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to


@blueprint.route("/accounts/<uuid:account_id>/heirs/<uuid:heir_id>", methods=["GET", "POST"])
@requires(P.TILL_OPERATE)
def pay_heir(account_id: UUID, heir_id: UUID) -> Response:
    """In cash, when a second person has allowed it."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    account = queries.get_account(session, actor, account_id)
    estate, heir = settlements.payable(session, heir_id)
    due = estates.due(session, estate, account, heir_id)
    form = PayHeirForm(data=takes_it(account_id, heir))
    done = submit(form, lambda s: service.ask_heir_cash(s, actor, clock, form.to_command(due)), PINS)
    if not done.done:
        return payout_page(account_id, heir_id, form, cash=True)
    notify("Asked for: another person must allow it, then carry it out", "info")
    return redirect_to(url_for("approvals.show_request", request_id=done.value))
