"""What providers told us, and what messages cost."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.clock import KAMPALA, local_date
from sacco_app.kernel.db import db
from sacco_app.notifications import catalogue, queries
from sacco_app.notifications.models import DeliveryReport, ReportOutcome
from sacco_app.notifications.types import CallKind, Cost
from sacco_app.notifications.types import NotificationsPermission as P
from sacco_app.notifications.views.blueprint import blueprint
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.charts import Datum, line_chart, stacked_bar
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

KINDS = {
    CallKind.REPORT: "Delivery report",
    CallKind.INBOUND: "Text of a member",
    CallKind.FETCHED: "Text of a member",
    CallKind.OPT_OUT: "Opt-out",
}
OUTCOMES = {
    "applied": "Moved a message on",
    "nothing_new": "Said nothing new",
    "unmatched": "Fits no message",
    "stopped": "Messages stopped",
    "started": "Messages taken up again",
    "read": "Nothing: it is for a person",
}
PERIODS = (14, 30, 90)
COLUMNS = (
    Column("at", "When", "datetime", sort=ReportOutcome.at),
    Column("kind", "What", sort=DeliveryReport.kind),
    Column("from", "Telephone", sort=ReportOutcome.recipient),
    Column("said", "What it says"),
    Column("outcome", "What came of it", sort=ReportOutcome.outcome),
    Column("provider", "Provider", sort=DeliveryReport.provider),
)
FILTERS = (
    Filter(
        "q", "Telephone", lambda v: ReportOutcome.recipient.contains(v.lstrip("0").replace(" ", ""), autoescape=True)
    ),
    Filter(
        "kind",
        "What",
        lambda v: DeliveryReport.kind == v,
        "select",
        [(k.value, words) for k, words in KINDS.items() if k is not CallKind.FETCHED],
    ),
    Filter("outcome", "What came of it", lambda v: ReportOutcome.outcome == v, "select", list(OUTCOMES.items())),
)


def _cells(record: tuple[ReportOutcome, DeliveryReport]) -> dict[str, Any]:
    told, call = record
    link = url_for("notifications.show_message", message_id=told.message_id) if told.message_id else ""
    return {
        "at": told.at,
        "kind": KINDS[CallKind(call.kind)],
        "from": {"text": told.recipient or "–", "url": link},
        "said": told.code,
        "outcome": OUTCOMES.get(told.outcome, told.outcome),
        "provider": call.provider,
    }


@blueprint.get("/messages/reports")
@requires(P.MESSAGE_VIEW)
def list_reports() -> Response:
    empty = Empty("Nobody called", "Delivery reports and texts of members appear here when a provider sends them.")
    page = paginate(
        db.session(),
        queries.told(current_actor()),
        COLUMNS,
        _cells,
        filters=FILTERS,
        empty=empty,
        default_sort="at",
        default_direction="desc",
    )
    return export(page, "provider-reports") or respond("notifications/reports.html", block="results", page=page)


@blueprint.get("/messages/costs")
@requires(P.MESSAGE_VIEW)
def show_costs() -> Response:
    asked = request.args.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else PERIODS[1]
    today = local_date(current_clock().now())
    first = today - timedelta(days=days - 1)
    rows = queries.costs(db.session(), current_actor(), datetime.combine(first, time(0), KAMPALA))
    currencies = sorted({row.currency for row in rows}, key=lambda c: -sum(r.count for r in rows if r.currency == c))
    return respond(
        "notifications/costs.html",
        block="results",
        days=days,
        periods=PERIODS,
        shown=[_picture(currency, [r for r in rows if r.currency == currency], first, days) for currency in currencies],
    )


def _picture(currency: str, rows: list[Cost], first: Any, days: int) -> dict[str, Any]:
    by_day: dict[Any, Decimal] = defaultdict(Decimal)
    by_code: dict[str, list[Cost]] = defaultdict(list)
    for row in rows:
        by_day[row.day] += row.cost
        by_code[row.code].append(row)
    total = sum((row.cost for row in rows), Decimal(0))
    data = [
        Datum(f"{day.day} {day:%b}", int(by_day[day]), _amount(currency, by_day[day]))
        for day in (first + timedelta(days=n) for n in range(days))
    ]
    kinds = sorted(by_code.items(), key=lambda pair: -sum(row.cost for row in pair[1]))
    lines = [
        [
            catalogue.KINDS[code].title if code in catalogue.KINDS else code,
            sum(row.count for row in held),
            sum(row.parts for row in held),
            _plain(sum((row.cost for row in held), Decimal(0))),
        ]
        for code, held in kinds
    ]
    parts = [
        Datum(str(line[0]), int(sum(r.cost for r in held)), str(line[3]))
        for line, (_, held) in zip(lines, kinds, strict=True)
    ]
    return {
        "currency": currency,
        "total": _plain(total),
        "count": sum(row.count for row in rows),
        "parts": sum(row.parts for row in rows),
        "average": _plain(total / max(1, sum(row.count for row in rows))),
        "days": line_chart(data),
        "kinds": stacked_bar(_largest(parts)) if total else None,
        "lines": lines,
    }


def _largest(parts: list[Datum], most: int = 5) -> list[Datum]:
    """The largest parts, and the rest as one."""
    if len(parts) <= most + 1:
        return parts
    rest = sum(part.value for part in parts[most:])
    return [*parts[:most], Datum("All other", rest, f"{rest:,}")]


def _plain(amount: Decimal) -> str:
    return f"{amount:,.2f}" if amount != amount.to_integral_value() else f"{amount:,.0f}"


def _amount(currency: str, amount: Decimal) -> str:
    return f"{currency} {_plain(amount)}"
