"""The message log: what was told to whom, what became of it, what it cost."""

from __future__ import annotations

import textwrap
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import request, url_for
from sqlalchemy import ColumnElement, or_
from werkzeug.wrappers import Response

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import KAMPALA
from sacco_app.kernel.db import db
from sacco_app.notifications import catalogue, queries, service
from sacco_app.notifications.forms import ResendForm
from sacco_app.notifications.models import MessageRow
from sacco_app.notifications.service.resending import RESENDABLE
from sacco_app.notifications.types import LANGUAGE_NAMES, Channel, Language, Status
from sacco_app.notifications.types import NotificationsPermission as P
from sacco_app.notifications.views.blueprint import blueprint
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

CHANNELS = {Channel.SMS: "SMS", Channel.EMAIL: "E-mail", Channel.PUSH: "Push"}
SHOWN = 46
COLUMNS = (
    Column("at", "When", "datetime", sort=MessageRow.created_at),
    Column("to", "To", sort=MessageRow.recipient),
    Column("channel", "Channel", sort=MessageRow.channel),
    Column("what", "Message", sort=MessageRow.code),
    Column("body", "Text"),
    Column("segments", "Parts", "number", sort=MessageRow.segments, total=MessageRow.segments),
    Column("cost", "Cost", "number", sort=MessageRow.cost),
    Column("status", "Status", "status", sort=MessageRow.status),
)


def _day(value: str, *, until: bool) -> ColumnElement[bool] | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    if until:
        return MessageRow.created_at < datetime.combine(day + timedelta(days=1), time(0), KAMPALA)
    return MessageRow.created_at >= datetime.combine(day, time(0), KAMPALA)


def _found(value: str) -> ColumnElement[bool]:
    digits = value.replace(" ", "")
    wanted = digits.lstrip("0") if digits.startswith("0") else digits
    return or_(MessageRow.recipient.contains(wanted, autoescape=True), MessageRow.provider_id == value.strip())


FILTERS = (
    Filter("q", "Phone, address or provider's number", _found),
    Filter(
        "status",
        "Status",
        lambda v: MessageRow.status == v,
        "select",
        [(s.value, s.value.capitalize()) for s in Status],
    ),
    Filter(
        "channel", "Channel", lambda v: MessageRow.channel == v, "select", [(c.value, w) for c, w in CHANNELS.items()]
    ),
    Filter(
        "code",
        "Message",
        lambda v: MessageRow.code == v,
        "select",
        [(kind.code, kind.title) for kind in sorted(catalogue.KINDS.values(), key=lambda k: k.title)],
    ),
    Filter("from", "From", lambda v: _day(v, until=False), "date"),
    Filter("to", "Until", lambda v: _day(v, until=True), "date"),
)


def _cells(record: tuple[MessageRow]) -> dict[str, Any]:
    row = record[0]
    return {
        "at": row.created_at,
        "to": {"text": row.recipient, "url": url_for("notifications.show_message", message_id=row.id)},
        "channel": CHANNELS[Channel(row.channel)],
        "what": catalogue.KINDS[row.code].title if row.code in catalogue.KINDS else row.code,
        "body": row.body if request.args.get("format") else _beginning(row.body),
        "segments": row.segments or None,
        "cost": cost_words(row.cost_currency, row.cost) if row.cost is not None else None,
        "status": row.status,
    }


def _beginning(body: str) -> str:
    """How a text begins, without the name that all begin with."""
    greeting = f"{queries.sacco_short_name(db.session())}: "
    return textwrap.shorten(body.removeprefix(greeting), SHOWN, placeholder="…")


@blueprint.get("/messages")
@requires(P.MESSAGE_VIEW)
def list_messages() -> Response:
    empty = Empty("No message here", "Messages appear when money moves or somebody is to be told something.")
    page = paginate(
        db.session(),
        queries.messages(current_actor()),
        COLUMNS,
        _cells,
        filters=FILTERS,
        empty=empty,
        default_sort="at",
        default_direction="desc",
    )
    page.totals = {**page.totals, "cost": _total_cost()}
    return export(page, "messages") or respond("notifications/log.html", block="results", page=page)


def _total_cost() -> str:
    """What the filtered messages cost, each currency for itself."""
    said = (item.apply(item.value) for item in FILTERS if item.value)
    query = queries.messages(current_actor()).where(*(condition for condition in said if condition is not None))
    return " · ".join(cost_words(currency, cost) for currency, cost in queries.sums(db.session(), query).costs.items())


def cost_words(currency: str, cost: Decimal) -> str:
    """`UGX 1,234` or `KES 0.80`: no more figures behind the point than there are."""
    return f"{currency} {cost:,.0f}" if cost == cost.to_integral_value() else f"{currency} {cost:,.2f}"


@blueprint.get("/messages/<uuid:message_id>")
@requires(P.MESSAGE_VIEW)
def show_message(message_id: UUID) -> Response:
    return _page(message_id, ResendForm())


def _page(message_id: UUID, form: ResendForm) -> Response:
    session, actor = db.session(), current_actor()
    row = queries.get_message(session, actor, message_id)
    told = catalogue.kind(row.code)
    again = queries.resent_as(session, message_id)
    may_resend = (
        row.status in RESENDABLE
        and again is None
        and not told.secrets
        and may_open(actor, "notifications.resend_message")
    )
    return respond(
        "notifications/message.html",
        block="form_region",
        status=form.status,
        row=row,
        told=told,
        channel=CHANNELS[Channel(row.channel)],
        language=LANGUAGE_NAMES[Language(row.language)],
        cost=cost_words(row.cost_currency, row.cost) if row.cost is not None else None,
        reports=queries.reports_of(session, message_id),
        form=form if may_resend else None,
        refusal=form.refusal,
        again=again,
    )


@blueprint.post("/messages/<uuid:message_id>/send-again")
@requires(P.MESSAGE_RESEND)
def resend_message(message_id: UUID) -> Response:
    form, actor, clock = ResendForm(), current_actor(), current_clock()
    queries.get_message(db.session(), actor, message_id)
    done = submit(form, lambda s: service.resend(s, actor, clock, message_id, form.reason.data))
    if not done.done:
        return _page(message_id, form)
    notify("The message is on its way again")
    return redirect_to(url_for("notifications.show_message", message_id=done.value))


def undecided(actor: Actor) -> int:
    """How many messages wait for somebody to decide whether they are sent again."""
    return queries.count_unknown(db.session(), actor)
