"""The list of members: searched, filtered, exported; and who a typed person may already be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import request, url_for
from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.wrappers import Response

from sacco_app.kernel.clock import local_date
from sacco_app.kernel.db import db
from sacco_app.members import queries
from sacco_app.members.forms import RISKS
from sacco_app.members.models import Member
from sacco_app.members.types import Likeness, MemberStatus
from sacco_app.members.types import MembersPermission as P
from sacco_app.members.views.blueprint import blueprint
from sacco_app.members.views.head import known_twins
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.fields import parse_date, parse_phone
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

SOON = timedelta(days=30)
IDS = (("expired", "Expired"), ("soon", "Expires within 30 days"), ("unknown", "Not known"))
FILES = (("incomplete", "Incomplete"), ("complete", "Complete"))
COLUMNS = (
    Column("number", "Number", sort=Member.number),
    Column("name", "Name", sort=Member.surname),
    Column("phone", "Phone"),
    Column("branch", "Branch"),
    Column("admitted_on", "Admitted", "date", sort=Member.admitted_on),
    Column("kyc", "File", "number", sort=Member.kyc_percent),
    Column("status", "Status", "status", sort=Member.status),
)


def _day_filters(name: str, label: str, column: InstrumentedAttribute[Any]) -> tuple[Filter, Filter]:
    def since(text: str) -> ColumnElement[bool] | None:
        day = parse_date(text)
        return column >= day if day else None

    def until(text: str) -> ColumnElement[bool] | None:
        day = parse_date(text)
        return column <= day if day else None

    return Filter(f"{name}_from", f"{label} from", since, "date"), Filter(f"{name}_to", f"{label} to", until, "date")


def _filters(today: date, branches: list[tuple[str, str]]) -> list[Filter]:
    actor = current_actor()

    def found(text: str) -> ColumnElement[bool] | None:
        query = queries.search_query(actor, text, 1000)
        return Member.id.in_(query.with_only_columns(Member.id)) if query is not None else None

    def papers(value: str) -> ColumnElement[bool] | None:
        return {
            "expired": Member.id_expires_on < today,
            "soon": and_(Member.id_expires_on >= today, Member.id_expires_on <= today + SOON),
            "unknown": Member.id_expires_on.is_(None),
        }.get(value)

    def complete(value: str) -> ColumnElement[bool]:
        return Member.kyc_percent == 100 if value == "complete" else Member.kyc_percent < 100

    def of_branch(value: str) -> ColumnElement[bool] | None:
        known = next((branch_id for branch_id, _ in branches if branch_id == value), None)
        return Member.branch_id == UUID(known) if known else None

    statuses = [(status.value, status.value.replace("_", " ").capitalize()) for status in MemberStatus]
    chosen = [
        Filter("q", "Number, name, phone or NIN", found),
        Filter("status", "Status", lambda value: Member.status == value, "select", statuses),
        Filter("file", "File", complete, "select", FILES),
        Filter("id", "ID", papers, "select", IDS),
        Filter("risk", "Risk", lambda value: Member.risk_rating == value, "select", RISKS),
        *_day_filters("admitted", "Admitted", Member.admitted_on),
    ]
    return [*chosen, Filter("branch", "Branch", of_branch, "select", branches)] if len(branches) > 1 else chosen


@blueprint.get("")
@requires(P.MEMBER_VIEW)
def list_members() -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    branches = [(str(branch.id), branch.name) for branch in organisation.list_branches(session, actor)]
    names = dict(branches)

    def cells(record: tuple[Member]) -> dict[str, object]:
        row = record[0]
        return {
            "number": {"text": row.number, "url": url_for("members.show_member", member_id=row.id)},
            "name": row.full_name,
            "phone": row.phone,
            "branch": names.get(str(row.branch_id), ""),
            "admitted_on": row.admitted_on,
            "kyc": f"{row.kyc_percent} %",
            "status": row.status,
        }

    offer = ("New member", url_for("members.new_member")) if may_open(actor, "members.new_member") else ("", "")
    empty = Empty("No member fits", "Search by fewer letters or clear the filters.", *offer)
    page = paginate(
        session,
        queries.in_scope(actor),
        COLUMNS if len(branches) > 1 else [column for column in COLUMNS if column.key != "branch"],
        cells,
        filters=_filters(local_date(clock.now()), branches),
        empty=empty,
        default_sort="number",
    )
    return export(page, "members") or respond("members/list.html", block="results", page=page)


@blueprint.get("/twins")
@requires(P.MEMBER_REGISTER, P.MEMBER_EDIT)
def find_twins() -> Response:
    """Who the person on the form may already be, while it is typed."""
    typed = {n: request.args.get(n, "").strip() for n in ("surname", "given_names", "other_names", "nin", "phone")}
    person = Likeness(
        surname=typed["surname"],
        names=f"{typed['given_names']} {typed['other_names']}",
        born=parse_date(request.args.get("date_of_birth", "")),
        phone=parse_phone(typed["phone"]) or "",
        nin=typed["nin"].upper() or None,
    )
    return respond("members/twins.html", block="results", twins=known_twins(person))
