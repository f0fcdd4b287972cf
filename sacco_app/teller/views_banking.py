"""Cash to the bank: counted, agreed to by a second custodian, on its way, and there (J-08)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger.types import Perm
from sacco_app.teller import pages, queries, service
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.forms import BankForm, SlipForm, count_form
from sacco_app.teller.models import Banking
from sacco_app.teller.types import BankingState
from sacco_app.teller.types import TellerPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, paginate

STATES = {BankingState.IN_TRANSIT: "On its way", BankingState.BANKED: "Banked", BankingState.RETURNED: "Taken back"}


@blueprint.route("/vault/bank", methods=["GET", "POST"])
@requires(P.VAULT_OPERATE)
def bank_cash() -> Response:
    """Count cash of the vault for the bank."""
    actor, clock = current_actor(), current_clock()
    form = count_form(pages.currency(), BankForm)()
    form.offer(pages.branches())
    done = submit(form, lambda s: service.ask_bank_cash(s, actor, clock, form.to_command()))
    if not done.done:
        return pages.count_page(
            "Cash to the bank",
            form,
            "Ask the second custodian",
            pages.vault_link(),
            "The second custodian counts the cash too and approves. Then it leaves the vault and is on its way.",
            "When the bank's slip is there, somebody else than you enters it.",
        )
    notify("The cash waits for the second custodian")
    return redirect_to(url_for("teller.vault_page"))


@blueprint.get("/bankings")
@requires(P.VAULT_OPERATE, P.TILL_VIEW)
def list_bankings() -> Response:
    """Cash that was sent to the bank, and what the bank says about it."""
    session, actor = db.session(), current_actor()
    columns = (
        Column("sent_at", "Sent", "datetime", sort=Banking.sent_at),
        Column("branch", "Vault"),
        Column("carrier", "Carried by", sort=Banking.carrier),
        Column("state", "State", "status", sort=Banking.state),
        Column("slip", "Slip"),
        Column("amount", f"Sent, {pages.currency()}", "money", sort=Banking.amount_minor),
        Column("banked", "Bank counted", "money", sort=Banking.slip_minor),
        Column("difference", "Difference", "money"),
    )
    names = dict(pages.branches())

    def cells(record: tuple[Banking]) -> dict[str, object]:
        row = record[0]
        currency = CURRENCIES[row.currency]
        banked = Money(row.slip_minor, currency) if row.slip_minor is not None else None
        return {
            "sent_at": row.sent_at,
            "branch": names.get(row.branch_id, ""),
            "carrier": {"text": row.carrier, "url": url_for("teller.show_banking", banking_id=row.id)},
            "state": row.state,
            "slip": row.slip_number,
            "amount": Money(row.amount_minor, currency),
            "banked": banked,
            "difference": banked - Money(row.amount_minor, currency) if banked is not None else None,
        }

    state = Filter(
        "state", "State", lambda value: Banking.state == value, "select", [(k.value, v) for k, v in STATES.items()]
    )
    branch = pages.id_filter("branch", "Vault", Banking.branch_id, pages.branches())
    empty = Empty("Nothing was sent to the bank", "What is above the insured limit of the vault goes there.")
    page = paginate(
        session,
        queries.bankings_seen_by(actor),
        columns,
        cells,
        filters=(state, branch, *pages.day_filters(Banking.business_date)),
        empty=empty,
        default_sort="sent_at",
        default_direction="desc",
    )
    return pages.list_page(page, "cash-to-the-bank", "Cash to the bank", pages.vault_link())


@blueprint.get("/bankings/<uuid:banking_id>")
@requires(P.VAULT_OPERATE, P.TILL_VIEW)
def show_banking(banking_id: UUID) -> Response:
    """Cash for the bank with its pieces, who stands behind it, and the slip."""
    return _banking_page(banking_id, SlipForm(pages.currency()))


def _banking_page(banking_id: UUID, form: SlipForm) -> Response:
    session, actor = db.session(), current_actor()
    row = queries.get_banking(session, actor, banking_id)
    currency = CURRENCIES[row.currency]
    names: dict[Any, str] = access.names(session, [row.sent_by, row.agreed_by, row.banked_by])
    return respond(
        "teller/banking.html",
        block="form_region",
        status=form.status,
        row=row,
        form=form,
        branch=dict(pages.branches()).get(row.branch_id, ""),
        amount=Money(row.amount_minor, currency),
        banked=Money(row.slip_minor, currency) if row.slip_minor is not None else None,
        rows=pages.count_rows(row.counts, currency),
        names=names,
        state=STATES[BankingState(row.state)],
        may_enter=row.state == BankingState.IN_TRANSIT
        and actor.user_id not in (row.sent_by, row.agreed_by)
        and may_open(actor, "teller.enter_slip"),
        back=("Cash to the bank", url_for("teller.list_bankings")),
    )


@blueprint.post("/bankings/<uuid:banking_id>/slip")
@requires(P.VAULT_OPERATE, P.VAULT_APPROVE, Perm.JOURNAL_POST)
def enter_slip(banking_id: UUID) -> Response:
    """The bank's slip is there."""
    actor, clock = current_actor(), current_clock()
    form = SlipForm(pages.currency())
    done = submit(form, lambda s: service.enter_slip(s, actor, clock, form.to_command(banking_id)))
    if not done.done:
        return _banking_page(banking_id, form)
    notify("The cash is at the bank")
    return redirect_to(url_for("teller.show_banking", banking_id=banking_id))
