"""Pages of the limits: who may do how much, through what, in one transaction and in a day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import Money
from sacco_app.organisation import queries as organisation
from sacco_app.transactions import service, words
from sacco_app.transactions.blueprint import blueprint
from sacco_app.transactions.forms import KINDS, EndForm, LimitTermsForm, NewLimitForm
from sacco_app.transactions.models import LimitRow
from sacco_app.transactions.types import CHANNELS, PLURALS, CountedFor
from sacco_app.transactions.types import TransactionsPermission as P
from sacco_app.transactions.views import terms
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, export

PARENT = ("Limits", "/limits")
COLUMNS = (
    Column("kind", "For", sort=LimitRow.kind),
    Column("channel", "Channel", sort=LimitRow.channel),
    Column("role", "Posted by", sort=LimitRow.role),
    Column("one", "In one", "money", sort=LimitRow.max_one_minor),
    Column("day", "In a day", "money", sort=LimitRow.max_day_minor),
    Column("count", "How many", "number", sort=LimitRow.max_day_count),
    Column("counted_for", "For each"),
    Column("holds", "Holds", sort=LimitRow.valid_from),
    Column("source", "By whose word"),
    Column("state", "State", "status"),
)


@blueprint.get("/limits")
@requires(P.TRANSACTION_VIEW)
def list_limits() -> Response:
    session = db.session()
    day, currency = organisation.latest_business_date(session), organisation.get_profile(session).currency
    names = dict(access.role_choices(session))
    may_change = may_open(current_actor(), "transactions.change_limit")

    def money(minor: int | None) -> Money | None:
        return Money(minor, currency) if minor is not None else None

    def cells(record: tuple[LimitRow]) -> dict[str, Any]:
        row = record[0]
        url = url_for("transactions.change_limit", limit_id=row.id) if may_change else ""
        return {
            "kind": {"text": PLURALS[row.kind], "url": url},
            "channel": CHANNELS.get(row.channel, row.channel).removeprefix("the ") if row.channel else "every",
            "role": names.get(row.role, row.role) if row.role else "everybody",
            "one": "switched off" if row.max_one_minor == 0 else money(row.max_one_minor),
            "day": money(row.max_day_minor),
            "count": row.max_day_count,
            "counted_for": CountedFor(row.counted_for).words,
            "holds": _holds(row),
            "source": row.source,
            "state": _state(row, day),
        }

    empty = Empty("No limit like this", "What has no limit is held by the approval policies alone.")
    query = select(LimitRow).order_by(LimitRow.kind, LimitRow.channel, LimitRow.valid_from)
    page = terms.listing(session, LimitRow, query, COLUMNS, cells, day, KINDS, empty)
    return export(page, "limits") or respond("transactions/limits.html", block="results", page=page)


def _holds(row: LimitRow) -> str:
    """`1 Jan 2021 –`, in one piece."""
    last = f" {format_date(row.valid_to)}" if row.valid_to else ""
    return f"{format_date(row.valid_from)} –{last}".replace(" ", "\N{NO-BREAK SPACE}")


def _state(row: LimitRow, day: date) -> str:
    """A limit that holds although nobody here has decided it is told apart."""
    state = terms.state(row, day)
    return state if row.verified or state != "in_force" else "unconfirmed"


@blueprint.route("/limits/new", methods=["GET", "POST"])
@requires(P.LIMIT_EDIT)
def new_limit() -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    day, currency = organisation.latest_business_date(session), organisation.get_profile(session).currency
    form = NewLimitForm(currency, access.role_choices(session), data={"valid_from": day})
    return terms.answer(
        form, lambda s: service.ask_limit(s, actor, clock, form.to_command(form.key())), "New limit", PARENT
    )


@blueprint.route("/limits/<uuid:limit_id>", methods=["GET", "POST"])
@requires(P.LIMIT_EDIT)
def change_limit(limit_id: UUID) -> Response:
    """Ask for other terms of this limit, from a day on."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    row, form = _terms(session, limit_id)
    key = {name: getattr(row, name) for name in ("kind", "channel", "role", "counted_for")}
    return terms.answer(
        form,
        lambda s: service.ask_limit(s, actor, clock, form.to_command(key)),
        "Change a limit",
        PARENT,
        **_context(session, row),
    )


@blueprint.post("/limits/<uuid:limit_id>/end")
@requires(P.LIMIT_EDIT)
def end_limit(limit_id: UUID) -> Response:
    """Ask that this limit ends."""
    session, actor, clock = db.session(), current_actor(), current_clock()
    ending = EndForm()
    done = submit(ending, lambda s: service.ask_limit_end(s, actor, clock, ending.to_command(limit_id)), terms.END_PINS)
    if done.done:
        return terms.waits(done.value)
    row, form = _terms(session, limit_id, formdata=None)
    return terms.page(form, "Change a limit", PARENT, **(_context(session, row) | {"ending": ending}))


def _terms(session: Session, limit_id: UUID, **kwargs: Any) -> tuple[LimitRow, LimitTermsForm]:
    row = session.get(LimitRow, limit_id)
    if row is None:
        raise NotFound(what="limit")
    currency = organisation.get_profile(session).currency
    data = {
        "max_one": Money(row.max_one_minor, currency) if row.max_one_minor is not None else None,
        "max_day": Money(row.max_day_minor, currency) if row.max_day_minor is not None else None,
        "max_count": row.max_day_count,
        "valid_from": organisation.latest_business_date(session),
    }
    return row, LimitTermsForm(currency, row, data=data, **kwargs)


def _context(session: Session, row: LimitRow) -> dict[str, Any]:
    currency = organisation.get_profile(session).currency
    present = words.limit_words(row.max_one_minor, row.max_day_minor, row.max_day_count, row.counted_for, currency)
    return {
        "scope": words.limit_scope(row.kind, row.channel, row.role),
        "present": f"{present}, {terms.since(row)}" + (f" ({row.source})" if row.source else ""),
        "ending": EndForm(formdata=None),
        "end_url": url_for("transactions.end_limit", limit_id=row.id),
        "action": url_for("transactions.change_limit", limit_id=row.id),
    }
