"""Holding money by hand, and letting it go."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound, RuleViolation
from sacco_app.kernel.uow import run
from sacco_app.members import queries as members
from sacco_app.savings import queries, service
from sacco_app.savings.blueprint import blueprint
from sacco_app.savings.errors import InsufficientFunds
from sacco_app.savings.forms import AccountReasonForm, HoldForm
from sacco_app.savings.types import ReleaseHold
from sacco_app.savings.types import SavingsPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


@blueprint.route("/accounts/<uuid:account_id>/hold", methods=["GET", "POST"])
@requires(P.HOLD_PLACE)
def place_hold(account_id: UUID) -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    account = queries.get_account(session, actor, account_id)
    form = HoldForm(account.ledger_balance.currency)
    done = submit(
        form,
        lambda s: service.hold_by_hand(s, actor, clock, form.to_command(account_id)),
        {InsufficientFunds: "amount"},
    )
    if done.done:
        notify("The amount is held")
        return redirect_to(url_for("savings.show_account", account_id=account_id))
    owner = members.get_member(session, account.member_id)
    return respond(
        "savings/hold.html", block="form_region", status=form.status, form=form, account=account, owner=owner
    )


@blueprint.post("/holds/<uuid:hold_id>/release")
@requires(P.HOLD_PLACE)
def release_hold(hold_id: UUID) -> Response:
    actor, clock = current_actor(), current_clock()
    account_id = queries.account_of_hold(db.session(), actor, hold_id)
    try:
        run(actor, clock, lambda s: service.release_by_hand(s, actor, clock, hold_id))
        notify("The amount is let go")
    except (RuleViolation, NotFound) as refused:
        notify(refused.message, "error")
    return redirect_to(url_for("savings.show_account", account_id=account_id))


@blueprint.route("/holds/<uuid:hold_id>/ask-release", methods=["GET", "POST"])
@requires(P.HOLD_PLACE)
def ask_release(hold_id: UUID) -> Response:
    """Ask that a hold ends which takes two people to let go."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    account_id = queries.account_of_hold(session, actor, hold_id)
    form = AccountReasonForm()
    done = submit(form, lambda s: service.ask_release(s, actor, clock, ReleaseHold(hold_id, form.reason.data)))
    if done.done:
        notify("Sent to a second person: the amount is let go when it is approved")
        return redirect_to(url_for("savings.show_account", account_id=account_id))
    account = queries.get_account(session, actor, account_id)
    (found,) = [one for one in queries.holds_shown(session, account_id, released=True) if one.id == hold_id]
    return respond(
        "savings/release_hold.html", block="form_region", status=form.status, form=form, hold=found, account=account
    )
