"""Cash in the middle of the day: offered by one side, counted again and taken by the other."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import CURRENCIES
from sacco_app.organisation import queries as organisation
from sacco_app.teller import pages, queries, service
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.forms import CashForm, RefuseForm, TillCashForm, count_form
from sacco_app.teller.models import TillSession
from sacco_app.teller.types import MoveFacts, MoveKind, MoveState, TillState
from sacco_app.teller.types import TellerPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond

ADVICE = {
    MoveKind.TOP_UP: "You count the cash. The teller counts it again and takes it; only then does it leave the vault.",
    MoveKind.RETURN: "Count what you carry to the vault. The custodian counts it again; until it is taken it is yours.",
    MoveKind.TRANSFER: "Count what you hand over. The other teller counts it again; until it is taken it is yours.",
}


def _name(till: TillSession, people: dict[UUID, str]) -> tuple[UUID, str]:
    return till.id, f"{till.till_code}, {people.get(till.teller_id, '')}"


def _choices(tills: list[TillSession]) -> list[tuple[UUID, str]]:
    people = access.names(db.session(), [till.teller_id for till in tills])
    return [_name(till, people) for till in tills if till.teller_id != current_actor().user_id]


@blueprint.route("/vault/top-up", methods=["GET", "POST"])
@requires(P.VAULT_OPERATE)
def top_up() -> Response:
    """Count cash from the vault for a till that is open."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    form = count_form(organisation.get_profile(session).currency, TillCashForm)()
    choices = _choices(queries.open_tills(session, actor))
    form.offer(choices)
    done = submit(form, lambda s: service.offer_cash(s, actor, clock, form.to_command(), MoveKind.TOP_UP))
    if not done.done:
        back = pages.vault_link()
        nobody = "" if choices else "No till is open. A till that is closed gets a float."
        return pages.count_page(
            "Top up a till", form, "Hand the cash over", back, ADVICE[MoveKind.TOP_UP], nobody=nobody
        )
    notify("The cash waits for the teller, who counts it and takes it")
    return redirect_to(url_for("teller.vault_page"))


@blueprint.route("/till/return", methods=["GET", "POST"])
@requires(P.TILL_OPERATE)
def return_cash() -> Response:
    """Count cash from the own till for the vault."""
    till = _own_open_till()
    if till is None:
        return redirect_to(url_for("teller.my_till"))
    actor, clock = current_actor(), current_clock()
    form = count_form(CURRENCIES[till.currency], CashForm)()
    done = submit(form, lambda s: service.offer_cash(s, actor, clock, form.to_command(), MoveKind.RETURN))
    if not done.done:
        back = ("My till", url_for("teller.my_till"))
        return pages.count_page("Cash to the vault", form, "Hand the cash over", back, ADVICE[MoveKind.RETURN])
    notify("The cash waits for the custodian, who counts it and takes it")
    return redirect_to(url_for("teller.my_till"))


@blueprint.route("/till/give", methods=["GET", "POST"])
@requires(P.TILL_OPERATE)
def give_cash() -> Response:
    """Count cash from the own till for another one."""
    till = _own_open_till()
    if till is None:
        return redirect_to(url_for("teller.my_till"))
    session, actor, clock = db.session(), current_actor(), current_clock()
    form = count_form(CURRENCIES[till.currency], TillCashForm)()
    choices = _choices(queries.open_tills(session, actor, till.branch_id))
    form.offer(choices)
    done = submit(form, lambda s: service.offer_cash(s, actor, clock, form.to_command(), MoveKind.TRANSFER))
    if not done.done:
        back = ("My till", url_for("teller.my_till"))
        nobody = "" if choices else "No other till of your branch is open."
        advice = ADVICE[MoveKind.TRANSFER]
        return pages.count_page("Cash to another till", form, "Hand the cash over", back, advice, nobody=nobody)
    notify("The cash waits for the other teller, who counts it and takes it")
    return redirect_to(url_for("teller.my_till"))


def _own_open_till() -> TillSession | None:
    till = queries.live_session_of(db.session(), current_actor().user_id)
    return till if till is not None and till.state == TillState.OPENED else None


def _move(move_id: UUID) -> MoveFacts:
    """An offer that concerns the actor: their own, for them to take, or a custodian's to see."""
    session, actor = db.session(), current_actor()
    (facts,) = queries.move_facts(session, [queries.get_move(session, actor, move_id)])
    if actor.user_id not in (facts.offered_by_id, facts.taker_id) and not actor.may(P.VAULT_OPERATE):
        raise NotFound(what="cash")
    return facts


def _move_page(move_id: UUID, form: SaccoForm, refusing: RefuseForm) -> Response:
    actor, facts = current_actor(), _move(move_id)
    return respond(
        "teller/move.html",
        block="form_region",
        status=max(form.status, refusing.status),
        move=facts,
        rows=pages.count_rows(facts.counts, facts.amount.currency),
        form=form,
        refusing=refusing,
        may_take=facts.may_be_taken_by(actor),
        may_withdraw=facts.state == MoveState.OFFERED and facts.offered_by_id == actor.user_id,
        back=_back(),
    )


def _back() -> tuple[str, str]:
    if current_actor().may(P.VAULT_OPERATE):
        return pages.vault_link()
    return ("My till", url_for("teller.my_till"))


@blueprint.get("/cash/<uuid:move_id>")
@requires(P.TILL_OPERATE, P.VAULT_OPERATE)
def show_move(move_id: UUID) -> Response:
    return _move_page(move_id, SaccoForm(), RefuseForm())


@blueprint.post("/cash/<uuid:move_id>/take")
@requires(P.TILL_OPERATE, P.VAULT_OPERATE)
def take_move(move_id: UUID) -> Response:
    """The count is right: the cash moves."""
    form, actor, clock = SaccoForm(), current_actor(), current_clock()
    done = submit(form, lambda s: service.take_cash(s, actor, clock, move_id))
    if not done.done:
        return _move_page(move_id, form, RefuseForm(formdata=None))
    notify("The cash has moved")
    return redirect_to(_back()[1])


@blueprint.post("/cash/<uuid:move_id>/refuse")
@requires(P.TILL_OPERATE, P.VAULT_OPERATE)
def refuse_move(move_id: UUID) -> Response:
    """The count is wrong: nothing moves."""
    form, actor, clock = RefuseForm(), current_actor(), current_clock()
    done = submit(form, lambda s: service.refuse_cash(s, actor, clock, move_id, form.remark.data))
    if not done.done:
        return _move_page(move_id, SaccoForm(formdata=None), form)
    notify("Nothing has moved: it goes back to whoever counted it", "warning")
    return redirect_to(_back()[1])


@blueprint.post("/cash/<uuid:move_id>/withdraw")
@requires(P.TILL_OPERATE, P.VAULT_OPERATE)
def withdraw_move(move_id: UUID) -> Response:
    """Who offered takes it back."""
    form, actor, clock = SaccoForm(), current_actor(), current_clock()
    done = submit(form, lambda s: service.withdraw_cash(s, actor, clock, move_id))
    if not done.done:
        return _move_page(move_id, form, RefuseForm(formdata=None))
    notify("You have taken the cash back")
    return redirect_to(_back()[1])
