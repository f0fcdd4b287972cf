"""Opening and closing a till."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.teller import queries, service
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.forms import CloseForm, count_form
from sacco_app.teller.models import TillSession
from sacco_app.teller.types import TellerPermission as P
from sacco_app.teller.types import TillState
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


def _live() -> TillSession | None:
    return queries.live_session_of(db.session(), current_actor().user_id)


def _float_page(till: TillSession | None, form: SaccoForm) -> Response:
    currency = CURRENCIES[till.currency] if till else None
    rows = [
        [Money(value, currency).format(), pieces, Money(value * pieces, currency)]
        for value, pieces in (till.float_counts if till else [])
        if currency and pieces
    ]
    total = Money(till.float_minor, currency) if till and currency else None
    return respond(
        "teller/open.html", block="form_region", status=form.status, till=till, form=form, rows=rows, total=total
    )


@blueprint.get("/open")
@requires(P.TILL_OPERATE)
def open_till_page() -> Response:
    till = _live()
    if till is not None and till.state == TillState.OPENED:
        return redirect_to(url_for("teller.console"))
    return _float_page(till, SaccoForm())


@blueprint.post("/open/accept")
@requires(P.TILL_OPERATE)
def accept_float() -> Response:
    """The teller has counted the float and it is right."""
    form, till, actor, clock = SaccoForm(), _live(), current_actor(), current_clock()
    if till is None:
        return redirect_to(url_for("teller.open_till_page"))
    session_id = till.id
    done = submit(form, lambda s: service.accept_float(s, actor, clock, session_id))
    if not done.done:
        return _float_page(_live(), form)
    notify("Your till is open")
    return redirect_to(url_for("teller.console"))


@blueprint.post("/open/decline")
@requires(P.TILL_OPERATE)
def decline_float() -> Response:
    """The count is not right: nothing moves."""
    form, till, actor, clock = SaccoForm(), _live(), current_actor(), current_clock()
    if till is not None:
        session_id = till.id
        done = submit(form, lambda s: service.decline_float(s, actor, clock, session_id))
        if not done.done:
            return _float_page(_live(), form)
        notify("The float is sent back: it stays in the vault", "warning")
    return redirect_to(url_for("teller.open_till_page"))


@blueprint.route("/close", methods=["GET", "POST"])
@requires(P.TILL_OPERATE)
def close_till_page() -> Response:
    """The blind count: the page does not tell what the book says."""
    till, actor, clock = _live(), current_actor(), current_clock()
    if till is None or till.state != TillState.OPENED:
        return respond("teller/closed.html", till=till)
    form = count_form(CURRENCIES[till.currency], CloseForm)()
    session_id, currency = till.id, CURRENCIES[till.currency]
    done = submit(form, lambda s: service.close_till(s, actor, clock, form.to_command(session_id)))
    if not done.done:
        return respond("teller/close.html", block="form_region", status=form.status, form=form, currency=currency)
    difference = done.value.difference
    if difference is None:
        notify("The count differs by more than the tolerance: the manager counts again and decides", "warning")
    elif difference:
        word = "over" if difference.minor > 0 else "short"
        notify(f"The till is closed, {Money(abs(difference.minor), difference.currency)} {word}", "warning")
    else:
        notify("The till is closed, and the count agrees with the book")
    return redirect_to(url_for("teller.open_till_page"))
