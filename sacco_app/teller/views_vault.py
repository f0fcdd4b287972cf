"""The vault: what is in it, floats for tellers, cash from the bank, its register."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import request, url_for
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import Money
from sacco_app.ledger import queries as ledger
from sacco_app.organisation import queries as organisation
from sacco_app.teller import pages, queries, service, strongroom
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.forms import FloatForm, FundForm, count_form
from sacco_app.teller.service.posting import VAULT
from sacco_app.teller.types import TellerPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, Page


@blueprint.get("/vault")
@requires(P.VAULT_OPERATE, P.TILL_VIEW)
def vault_page() -> Response:
    """Cash in the vaults, in the tills and on its way, in the branches of the actor."""
    session, actor = db.session(), current_actor()
    return respond(
        "teller/vault.html",
        block="cash",
        vaults=strongroom.vaults(session, actor),
        tills=strongroom.till_rows(session, actor),
        offers=queries.move_facts(session, queries.open_moves_of_vault(session, actor)),
        currency=pages.currency(),
    )


@blueprint.route("/vault/float", methods=["GET", "POST"])
@requires(P.VAULT_OPERATE)
def issue_float() -> Response:
    """Count a float for a teller, who counts it again and accepts."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    form = count_form(pages.currency(), FloatForm)()
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
        return pages.count_page(
            "Float for a teller",
            form,
            "Hand the float over",
            pages.vault_link(),
            "You count the float here. The teller counts it again and takes it; only then does it leave the vault.",
            nobody="" if form.till_id.choices else "No till is free: every till is open, or none is set up yet.",
        )
    notify("The float waits for the teller, who counts it and accepts")
    return redirect_to(url_for("teller.vault_page"))


@blueprint.route("/vault/fund", methods=["GET", "POST"])
@requires(P.VAULT_OPERATE)
def fund_vault() -> Response:
    """Cash fetched from the bank, for the second custodian to count too."""
    actor, clock = current_actor(), current_clock()
    form = FundForm(pages.branches(), pages.currency())
    done = submit(form, lambda s: service.ask_fund_vault(s, actor, clock, form.to_command()))
    if not done.done:
        return pages.form_page(
            "Cash from the bank",
            form,
            "Ask the second custodian",
            pages.vault_link(),
            "The second custodian counts the cash too and approves. Then the vault grows and the bank account shrinks.",
        )
    notify("The cash waits for the second custodian")
    return redirect_to(url_for("teller.vault_page"))


@blueprint.get("/vault/register")
@requires(P.VAULT_OPERATE, P.TILL_VIEW)
def vault_register() -> Response:
    """Everything that has gone into a vault and out of it, with the balance after each (handbook 4.2)."""
    session, actor = db.session(), current_actor()
    offered = {str(row.branch_id): row for row in queries.vaults(session, actor)}
    names = {str(one): name for one, name in pages.branches()}
    chosen = request.args.get("branch") or next((one for one in names if one in offered), "")
    vault = offered.get(chosen)
    if vault is None and offered:
        raise NotFound(what="vault")
    choices = [(one, names[one]) for one in offered]
    day = organisation.business_date(session, UUID(chosen)) if vault else date.min
    first, last = _day("from", day), _day("to", day)
    filters = (
        Filter("branch", "Vault", lambda _value: None, "select", choices, default=chosen),
        Filter("from", "From", lambda _value: None, "date", default=first.isoformat()),
        Filter("to", "To", lambda _value: None, "date", default=last.isoformat()),
    )
    page = _register(vault.id if vault else None, first, last, filters)
    return pages.list_page(
        page, f"vault-register-{first.isoformat()}-{last.isoformat()}", "Vault register", pages.vault_link()
    )


def _day(name: str, default: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default


def _register(vault_id: UUID | None, first: date, last: date, filters: tuple[Filter, ...]) -> Page:
    lines = ledger.subledger_lines(db.session(), VAULT, vault_id, first, last) if vault_id else []
    rows: list[dict[str, Any]] = [
        {
            "at": line.posted_at,
            "event": line.event_code,
            "words": _linked(line.narration, line.transaction_id),
            "in": line.debit or None,
            "out": line.credit or None,
            "balance": line.balance_after,
        }
        for line in lines
    ]
    columns = (
        Column("at", "When", "datetime"),
        Column("event", "Event"),
        Column("words", "What"),
        Column("in", "In", "money"),
        Column("out", "Out", "money"),
        Column("balance", "In the vault", "money"),
    )
    zero = Money.zero(pages.currency())
    totals = {"in": sum((line.debit for line in lines), zero), "out": sum((line.credit for line in lines), zero)}
    empty = Empty("Nothing moved in these days", "Choose other days above.")
    return Page(columns, rows, len(rows), totals if rows else {}, 1, max(1, len(rows)), "", "asc", filters, empty)


def _linked(words: str, transaction_id: UUID | None) -> object:
    if transaction_id is None:
        return words
    return {"text": words, "url": url_for("transactions.show_transaction", transaction_id=transaction_id)}
