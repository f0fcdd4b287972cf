"""Pages of the fees: what is charged when, what something would cost, and how a fee is changed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import Currency, Money
from sacco_app.organisation import queries as organisation
from sacco_app.organisation.errors import ParameterNotSet
from sacco_app.transactions import queries, service, words
from sacco_app.transactions.blueprint import blueprint
from sacco_app.transactions.forms import KINDS, CostForm, EndForm, FeeTermsForm, NewFeeForm
from sacco_app.transactions.models import FeeRuleRow
from sacco_app.transactions.ports import product_choices
from sacco_app.transactions.types import CHANNELS, PLURALS
from sacco_app.transactions.types import TransactionsPermission as P
from sacco_app.transactions.views import terms
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, export

PARENT = ("Fees", "/fees")
COLUMNS = (
    Column("kind", "For", sort=FeeRuleRow.kind),
    Column("from", "Amounts from", "money", sort=FeeRuleRow.from_minor),
    Column("product", "Product", sort=FeeRuleRow.product),
    Column("channel", "Channel", sort=FeeRuleRow.channel),
    Column("fee", "Fee"),
    Column("valid_from", "First day", "date", sort=FeeRuleRow.valid_from),
    Column("valid_to", "Last day", "date", sort=FeeRuleRow.valid_to),
    Column("state", "State", "status"),
)


def _currency(session: Session) -> Currency:
    return organisation.get_profile(session).currency


@blueprint.get("/fees")
@requires(P.TRANSACTION_VIEW)
def list_fees() -> Response:
    session = db.session()
    day, currency = organisation.latest_business_date(session), _currency(session)
    names = dict(product_choices(session))
    may_change = may_open(current_actor(), "transactions.change_fee")

    def cells(record: tuple[FeeRuleRow]) -> dict[str, Any]:
        row = record[0]
        url = url_for("transactions.change_fee", fee_id=row.id) if may_change else ""
        return {
            "kind": {"text": PLURALS[row.kind], "url": url},
            "from": Money(row.from_minor, currency),
            "product": names.get(row.product, row.product) if row.product else "every product",
            "channel": CHANNELS.get(row.channel, row.channel) if row.channel else "every channel",
            "fee": words.fee_words(row.flat_minor, row.rate, row.max_minor, currency),
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
            "state": terms.state(row, day),
        }

    empty = Empty("No fee like this", "What has no fee is free of charge.")
    query = select(FeeRuleRow).order_by(FeeRuleRow.kind, FeeRuleRow.from_minor, FeeRuleRow.valid_from)
    page = terms.listing(session, FeeRuleRow, query, COLUMNS, cells, day, KINDS, empty)
    cost = _cost(session, day)
    return export(page, "fees") or respond(
        "transactions/fees.html", block="results", page=page, duty=_duty(session, day), form=cost, result=None
    )


def _duty(session: Session, day: date) -> dict[str, Any] | None:
    try:
        found = organisation.parameter(session, queries.DUTY_RATE, day)
    except ParameterNotSet:
        return None
    return {"rate": words.per_cent(found.number), "verified": found.verified, "source": found.source, "key": found.key}


def _cost(session: Session, day: date, **kwargs: Any) -> CostForm:
    return CostForm(_currency(session), product_choices(session), data={"day": day}, **kwargs)


@blueprint.get("/fees/cost")
@requires(P.TRANSACTION_VIEW)
def show_cost() -> Response:
    """What would it cost? The form and its answer."""
    session = db.session()
    day = organisation.latest_business_date(session)
    form = _cost(session, day, formdata=request.args)
    result, status = None, 200
    if request.args.get("amount") is not None:
        status = 200 if form.validate() else 422
    if status == 200 and form.amount.data:
        product, channel = form.product.data or None, form.channel.data
        charge = queries.charge_for(
            session, form.kind.data, form.amount.data, form.day.data, product=product, channel=channel
        )
        result = {"charge": charge, "amount": form.amount.data, "kind": form.kind.data}
    return respond("transactions/cost.html", block="cost", status=status, form=form, result=result)


@blueprint.route("/fees/new", methods=["GET", "POST"])
@requires(P.FEE_EDIT)
def new_fee() -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    currency, day = _currency(session), organisation.latest_business_date(session)
    form = NewFeeForm(currency, product_choices(session), data={"valid_from": day, "from_amount": Money(0, currency)})
    return terms.answer(
        form, lambda s: service.ask_fee(s, actor, clock, form.to_command(form.key())), "New fee", PARENT
    )


@blueprint.route("/fees/<uuid:fee_id>", methods=["GET", "POST"])
@requires(P.FEE_EDIT)
def change_fee(fee_id: UUID) -> Response:
    """Ask for other terms of this fee, from a day on."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    row, form = _terms(session, fee_id)
    least = Money(row.from_minor, form.flat.currency)
    key: dict[str, Any] = {"kind": row.kind, "product": row.product, "channel": row.channel, "from_amount": least}
    return terms.answer(
        form,
        lambda s: service.ask_fee(s, actor, clock, form.to_command(key)),
        "Change a fee",
        PARENT,
        **_context(session, row),
    )


@blueprint.post("/fees/<uuid:fee_id>/end")
@requires(P.FEE_EDIT)
def end_fee(fee_id: UUID) -> Response:
    """Ask that this fee ends."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    ending = EndForm()
    done = submit(ending, lambda s: service.ask_fee_end(s, actor, clock, ending.to_command(fee_id)), terms.END_PINS)
    if done.done:
        return terms.waits(done.value)
    row, form = _terms(session, fee_id, formdata=None)
    return terms.page(form, "Change a fee", PARENT, **(_context(session, row) | {"ending": ending}))


def _terms(session: Session, fee_id: UUID, **kwargs: Any) -> tuple[FeeRuleRow, FeeTermsForm]:
    row = session.get(FeeRuleRow, fee_id)
    if row is None:
        raise NotFound(what="fee")
    currency = _currency(session)
    data = {
        "flat": Money(row.flat_minor, currency),
        "rate": row.rate,
        "most": Money(row.max_minor, currency) if row.max_minor is not None else None,
        "valid_from": organisation.latest_business_date(session),
    }
    return row, FeeTermsForm(currency, row, data=data, **kwargs)


def _context(session: Session, row: FeeRuleRow) -> dict[str, Any]:
    currency = _currency(session)
    return {
        "scope": words.fee_scope(row.kind, row.product, row.channel, row.from_minor, currency),
        "present": f"{words.fee_words(row.flat_minor, row.rate, row.max_minor, currency)}, {terms.since(row)}",
        "ending": EndForm(formdata=None),
        "end_url": url_for("transactions.end_fee", fee_id=row.id),
        "action": url_for("transactions.change_fee", fee_id=row.id),
    }
