"""The custodian's side of the evening: a till that was handed in is counted again, taken over or sent back."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.approvals import service as approvals
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.teller import queries, service
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.forms import ReceiveForm, RefuseForm, count_form
from sacco_app.teller.service.closing import handed_in
from sacco_app.teller.service.receiving import standing
from sacco_app.teller.types import CountOutcome, Received, TillState
from sacco_app.teller.types import TellerPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond

KEPT = "Your count is written down, and the till is not closed: the page says who decides"
AGREED = "Your count is written down: another custodian counts too, then the till is closed"


@blueprint.route("/sessions/<uuid:session_id>/receive", methods=["GET", "POST"])
@requires(P.VAULT_APPROVE)
def receive_till(session_id: UUID) -> Response:
    """The custodian counts blind: neither the book nor the teller's count is told before."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    till = queries.get_session(session, actor, session_id)
    if till.state != TillState.COUNTING:
        return redirect_to(url_for("teller.show_session", session_id=session_id))
    form = count_form(CURRENCIES[till.currency], ReceiveForm)()
    done = submit(form, lambda s: service.receive_till(s, actor, clock, form.to_command(session_id)))
    if not done.done:
        return _page(session_id, form, RefuseForm(formdata=None))
    notify(_words(done.value), "success" if done.value.agrees else "warning")
    return redirect_to(url_for("teller.show_session", session_id=session_id))


def _words(received: Received) -> str:
    """What came of the count; no figure before the till is closed, because others still count."""
    if received.difference is None:
        return KEPT if received.outcome == CountOutcome.KEPT else AGREED
    if not received.difference:
        return "The till is closed, and your count agrees with the book"
    minor, currency = received.difference.minor, received.difference.currency
    return f"The till is closed by your count, {Money(abs(minor), currency)} {'over' if minor > 0 else 'short'}"


def _page(session_id: UUID, form: ReceiveForm, refusing: RefuseForm) -> Response:
    session, actor = db.session(), current_actor()
    session.expire_all()
    till = queries.get_session(session, actor, session_id)
    if till.state != TillState.COUNTING:
        notify(form.refusal or refusing.refusal or "", "warning")
        return redirect_to(url_for("teller.show_session", session_id=session_id))
    return respond(
        "teller/receive.html",
        block="form_region",
        status=max(form.status, refusing.status),
        till=till,
        teller=access.get_user(session, till.teller_id).name,
        standing=standing(session, actor, till),
        request_id=handed_in(session, till).id,
        form=form,
        refusing=refusing,
    )


@blueprint.post("/sessions/<uuid:session_id>/send-back")
@requires(P.VAULT_APPROVE)
def send_back_till(session_id: UUID) -> Response:
    """The till is not taken over: its teller reads why and counts anew."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    till, form = queries.get_session(session, actor, session_id), RefuseForm()
    done = submit(form, lambda s: approvals.reject(s, actor, clock, handed_in(s, till).id, form.remark.data))
    if not done.done:
        return _page(session_id, count_form(CURRENCIES[till.currency], ReceiveForm)(formdata=None), form)
    notify("The till is open again: its teller reads what you wrote", "warning")
    return redirect_to(url_for("teller.till_list"))
