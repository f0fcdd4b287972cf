"""The list of USSD sessions: who dialled, how far they came, how it ended."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any

import phonenumbers
from flask import Blueprint, url_for
from sqlalchemy import ColumnElement, false
from werkzeug.wrappers import Response

from sacco_app.kernel import crypto
from sacco_app.kernel.clock import KAMPALA
from sacco_app.kernel.db import db
from sacco_app.members import queries as members
from sacco_app.ussd import queries
from sacco_app.ussd.menu import title
from sacco_app.ussd.models import UssdSession
from sacco_app.ussd.texts import LANGUAGE_NAMES
from sacco_app.ussd.types import Outcome
from sacco_app.ussd.types import UssdPermission as P
from sacco_app.webkit.auth import current_actor, may_open, requires
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

blueprint = Blueprint("ussd", __name__, url_prefix="/ussd")
NETWORKS: dict[str, str] = json.loads((files("sacco_app.ussd") / "data" / "networks.json").read_text(encoding="utf-8"))
OUTCOMES = tuple((outcome.value, outcome.value.replace("_", " ").capitalize()) for outcome in Outcome)
COLUMNS = (
    Column("at", "Dialled", "datetime", sort=UssdSession.started_at),
    Column("member", "Member"),
    Column("phone", "Phone"),
    Column("gateway", "Gateway, network", sort=UssdSession.gateway),
    Column("language", "Language", sort=UssdSession.language),
    Column("menu", "Last menu", sort=UssdSession.last_menu),
    Column("hops", "Screens", "number", sort=UssdSession.hops),
    Column("lasted", "Lasted"),
    Column("outcome", "Outcome", "status", sort=UssdSession.outcome),
)


def _by_phone(typed: str) -> ColumnElement[bool]:
    """Numbers are kept masked; a whole one is found by its fingerprint."""
    try:
        number = phonenumbers.parse(typed, "UG")
    except phonenumbers.NumberParseException:
        return false()
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return UssdSession.phone_hash == crypto.fingerprint(f"phone:{whole}")


def _by_member(typed: str) -> ColumnElement[bool]:
    found = members.search(db.session(), current_actor(), typed, 50)
    return UssdSession.member_id.in_([hit.id for hit in found])


def _day(value: str, days: int = 0) -> datetime | None:
    try:
        day = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=KAMPALA).date()
        return datetime.combine(day + timedelta(days=days), time(), KAMPALA)
    except (ValueError, OverflowError):
        return None


def _since(value: str) -> ColumnElement[bool] | None:
    instant = _day(value)
    return UssdSession.started_at >= instant if instant else None


def _until(value: str) -> ColumnElement[bool] | None:
    instant = _day(value, 1)
    return UssdSession.started_at < instant if instant else None


FILTERS = (
    Filter("member", "Member", _by_member),
    Filter("phone", "Phone, whole", _by_phone),
    Filter("outcome", "Outcome", lambda v: UssdSession.outcome == v, "select", OUTCOMES),
    Filter("from", "From", _since, "date"),
    Filter("to", "To", _until, "date"),
)


def _lasted(row: UssdSession) -> str:
    seconds = int(((row.ended_at or row.last_at) - row.started_at).total_seconds())
    return f"{seconds // 60} min {seconds % 60:02d} s" if seconds >= 60 else f"{seconds} s"


def _cells(record: tuple[UssdSession, str | None]) -> dict[str, Any]:
    row, name = record
    links = name and may_open(current_actor(), "members.show_member")
    url = url_for("members.show_member", member_id=row.member_id) if links else ""
    return {
        "at": row.started_at,
        "member": {"text": name or "Not registered", "url": url},
        "phone": row.phone_masked,
        "gateway": ", ".join(part for part in (row.gateway, NETWORKS.get(row.network, row.network)) if part),
        "language": LANGUAGE_NAMES.get(row.language, row.language),
        "menu": title(row.last_menu),
        "hops": row.hops,
        "lasted": _lasted(row),
        "outcome": row.outcome,
    }


@blueprint.get("/sessions")
@requires(P.SESSION_VIEW)
def list_sessions() -> Response:
    page = paginate(
        db.session(),
        queries.with_members(current_actor()),
        COLUMNS,
        _cells,
        filters=FILTERS,
        empty=Empty("Nobody dialled in this time", "Choose other days or fewer filters."),
        default_sort="at",
        default_direction="desc",
    )
    return export(page, "ussd-sessions") or respond("ussd/sessions.html", block="results", page=page)
