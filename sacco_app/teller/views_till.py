"""The teller's own till: opening, the break, what is on its way, closing."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.teller import pages, queries, rules, service
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.forms import CloseForm, count_form
from sacco_app.teller.models import TillSession
from sacco_app.teller.types import MOVES, MoveState, TillState
from sacco_app.teller.types import TellerPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


def _live() -> TillSession | None:
    return queries.live_session_of(db.session(), current_actor().user_id)


def _float_page(till: TillSession | None, form: SaccoForm) -> Response:
    currency = CURRENCIES[till.currency] if till else None
    rows = pages.count_rows(till.float_counts, currency) if till and currency else []
    total = Money(till.float_minor, currency) if till and currency else None
    return respond(
        "teller/open.html", block="form_region", status=form.status, till=till, form=form, rows=rows, total=total
    )


@blueprint.get("/open")
@requires(P.TILL_OPERATE)
def open_till_page() -> Response:
    till = _live()
    if till is not None and till.state in (TillState.OPENED, TillState.SUSPENDED):
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


@blueprint.get("/till")
@requires(P.TILL_OPERATE)
def my_till() -> Response:
    """The own till: what it holds, what may be done with it, and cash on its way to or from it."""
    return _my_till(SaccoForm())


def _my_till(form: SaccoForm) -> Response:
    session, till = db.session(), _live()
    if till is None or till.state in (TillState.ISSUED, TillState.COUNTING):
        return respond("teller/closed.html", till=till, last=_last(till))
    currency = CURRENCIES[till.currency]
    cash, limit = Money(till.balance_minor, currency), Money(till.limit_minor, currency)
    moves = queries.move_facts(session, queries.moves_of(session, till.id))
    return respond(
        "teller/till.html",
        block="till",
        status=form.status,
        form=form,
        till=till,
        cash=cash,
        limit=limit,
        used=rules.used_percent(cash, limit),
        blind=queries.is_blind(till),
        blocked_at=rules.BLOCK_AT_PERCENT,
        float_amount=Money(till.float_minor, currency),
        frozen_by=_frozen_by(till),
        offers=[move for move in moves if move.state == MoveState.OFFERED],
        moves=[
            [move.offered_at, MOVES[move.kind], move.giver, move.taker, move.amount, move.state]
            for move in moves
            if move.state != MoveState.OFFERED
        ],
        mine=current_actor().user_id,
    )


def _last(till: TillSession | None) -> TillSession | None:
    """The till that was closed last, to look at its sheet, where none is open."""
    return None if till else queries.last_closed_of(db.session(), current_actor().user_id)


def _frozen_by(till: TillSession) -> str:
    """Who has stopped the till, if it was not its teller."""
    if till.suspended_by is None or till.suspended_by == till.teller_id:
        return ""
    return access.get_user(db.session(), till.suspended_by).name


@blueprint.post("/till/suspend")
@requires(P.TILL_OPERATE)
def suspend_till() -> Response:
    """A break: nothing can be posted at the till until its teller goes on."""
    return _switch(service.suspend_till, "Your till is locked until you go on")


@blueprint.post("/till/resume")
@requires(P.TILL_OPERATE)
def resume_till() -> Response:
    """The break is over."""
    return _switch(service.resume_till, "Your till goes on")


def _switch(verb: Callable[[Session, Actor, Clock], None], words: str) -> Response:
    form, actor, clock = SaccoForm(), current_actor(), current_clock()
    done = submit(form, lambda s: verb(s, actor, clock))
    if not done.done:
        return _my_till(form)
    notify(words)
    return redirect_to(url_for("teller.my_till"))


@blueprint.route("/close", methods=["GET", "POST"])
@requires(P.TILL_OPERATE)
def close_till_page() -> Response:
    """The blind count: the page does not tell what the book says."""
    till, actor, clock = _live(), current_actor(), current_clock()
    if till is None or till.state != TillState.OPENED:
        return respond("teller/closed.html", till=till, last=_last(till))
    form = count_form(CURRENCIES[till.currency], CloseForm)()
    session_id, currency = till.id, CURRENCIES[till.currency]
    done = submit(form, lambda s: service.close_till(s, actor, clock, form.to_command(session_id)))
    if not done.done:
        return respond("teller/close.html", block="form_region", status=form.status, form=form, currency=currency)
    notify("Your till is handed in: stay with the cash until the custodian has counted it too")
    return redirect_to(url_for("teller.my_till"))
