"""The vault: floats for tellers, cash from the bank; and the list of tills."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Currency, Money
from sacco_app.organisation import queries as organisation
from sacco_app.teller import queries, service
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.errors import TillCodeTaken
from sacco_app.teller.forms import FloatForm, FundForm, TillForm, count_form
from sacco_app.teller.types import TellerPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond


def _currency() -> Currency:
    return organisation.get_profile(db.session()).currency


def _branches() -> list[tuple[UUID, str]]:
    return [(branch.id, branch.name) for branch in organisation.list_branches(db.session(), current_actor())]


@blueprint.get("/vault")
@requires(P.VAULT_OPERATE, P.TILL_VIEW)
def vault_page() -> Response:
    """Cash in the vaults and in the tills of the actor's branches."""
    session, actor = db.session(), current_actor()
    names = dict(_branches())
    vaults = [
        [names.get(row.branch_id, ""), Money(row.balance_minor, CURRENCIES[row.currency])]
        for row in queries.vaults(session, actor)
    ]
    offers = queries.move_facts(session, queries.open_moves_of_vault(session, actor))
    return respond(
        "teller/vault.html",
        block="cash",
        vaults=vaults,
        tills=_till_rows(),
        closings=_closings(),
        offers=offers,
        mine=actor.user_id,
        currency=_currency(),
    )


def _till_rows() -> list[list[object]]:
    session, actor = db.session(), current_actor()
    rows = queries.tills(session, actor)
    names = access.names(session, [live.teller_id for _, live in rows if live])
    return [
        [
            till.code,
            till.name,
            names.get(live.teller_id, "") if live else "",
            live.state if live else "closed",
            Money(live.balance_minor if live else 0, CURRENCIES[till.currency]),
            Money(till.limit_minor, CURRENCIES[till.currency]),
        ]
        for till, live in rows
    ]


def _closings() -> list[list[object]]:
    session, actor = db.session(), current_actor()
    rows = queries.recent_closings(session, actor)
    names = access.names(session, [row.teller_id for row in rows])
    return [
        [
            row.till_code,
            names.get(row.teller_id, ""),
            row.closed_at,
            Money(row.counted_minor or 0, CURRENCIES[row.currency]),
            Money(row.difference_minor or 0, CURRENCIES[row.currency]),
        ]
        for row in rows
    ]


@blueprint.route("/vault/float", methods=["GET", "POST"])
@requires(P.VAULT_OPERATE)
def issue_float() -> Response:
    """Count a float for a teller, who counts it again and accepts."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    form = count_form(_currency(), FloatForm)()
    assert isinstance(form, FloatForm)
    form.offer(
        [(till.id, f"{till.code} {till.name}") for till, live in queries.tills(session, actor) if live is None],
        [
            (user.id, user.name)
            for user in access.users_who_may(session, P.TILL_OPERATE)
            if actor.sees_branch(user.branch_id) and user.id != actor.user_id
        ],
    )
    done = submit(form, lambda s: service.issue_float(s, actor, clock, form.to_command()))
    if not done.done:
        return respond(
            "teller/count.html",
            block="form_region",
            status=form.status,
            form=form,
            heading="Float for a teller",
            advice=(
                "You count the float here. The teller counts it again and takes it; only then does it leave the vault.",
            ),
            submit_label="Hand the float over",
            back=("Vault", url_for("teller.vault_page")),
            path=request.path,
            nobody="" if form.till_id.choices else "No till is free: every till is open, or none is set up yet.",
        )
    notify("The float waits for the teller, who counts it and accepts")
    return redirect_to(url_for("teller.vault_page"))


@blueprint.route("/vault/fund", methods=["GET", "POST"])
@requires(P.VAULT_OPERATE)
def fund_vault() -> Response:
    """Cash fetched from the bank."""
    actor, clock = current_actor(), current_clock()
    form = FundForm(_branches(), _currency())
    done = submit(form, lambda s: service.fund_vault(s, actor, clock, form.to_command()))
    if not done.done:
        return _form_page("Cash from the bank", form, "Book the cash", "The vault grows and the bank account shrinks.")
    notify("The cash is in the vault")
    return redirect_to(url_for("teller.vault_page"))


def _form_page(heading: str, form: FundForm | TillForm, label: str, advice: str) -> Response:
    return respond(
        "teller/form.html",
        block="form_region",
        status=form.status,
        form=form,
        heading=heading,
        submit_label=label,
        advice=advice,
        currency=_currency(),
        path=request.path,
    )


@blueprint.get("/tills")
@requires(P.TILL_VIEW, P.TILL_ASSIGN)
def till_list() -> Response:
    """The tills with who works at them."""
    return respond("teller/tills.html", tills=_till_rows(), closings=_closings(), currency=_currency())


@blueprint.route("/tills/new", methods=["GET", "POST"])
@requires(P.TILL_ASSIGN)
def new_till() -> Response:
    """Set up a till."""
    actor, clock = current_actor(), current_clock()
    form = TillForm(_branches(), _currency())
    done = submit(form, lambda s: service.save_till(s, actor, clock, form.to_command()), {TillCodeTaken: "code"})
    if not done.done:
        return _form_page("New till", form, "Set the till up", "Cash above the limit is refused at 110 % of it.")
    notify("The till is set up")
    return redirect_to(url_for("teller.till_list"))
