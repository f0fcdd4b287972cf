"""The days of the tills: the list, one with its sheet, its certificate, and a supervisor's hand on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.access import queries as access
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.organisation import queries as organisation
from sacco_app.teller import pages, queries, rules, service, sheet
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.models import TillSession
from sacco_app.teller.types import TellerPermission as P
from sacco_app.teller.types import TillState
from sacco_app.webkit.auth import current_actor, current_clock, may_open, requires
from sacco_app.webkit.forms import SaccoForm, submit
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.tables import Column, Empty, Filter, paginate

STATES = [(state.value, state.value.capitalize()) for state in TillState if state != TillState.DECLINED]
DIFFERENCES = {
    "any": TillSession.difference_minor != 0,
    "short": TillSession.difference_minor < 0,
    "over": TillSession.difference_minor > 0,
}


@blueprint.get("/sessions")
@requires(P.TILL_VIEW, P.TILL_OPERATE)
def list_sessions() -> Response:
    """The days of the tills with their floats, counts and differences."""
    session, actor = db.session(), current_actor()
    of = pages.currency()
    columns = (
        Column("day", "Business date", "date", sort=TillSession.business_date),
        Column("till", "Till", sort=TillSession.till_code),
        Column("teller", "Teller"),
        Column("state", "State", "status", sort=TillSession.state),
        Column("receipts", "Last receipt", "number"),
        Column("closed", "Closed", "datetime", sort=TillSession.closed_at),
        Column("float", f"Float, {of}", "money", sort=TillSession.float_minor),
        Column("counted", "Counted", "money", sort=TillSession.counted_minor),
        Column(
            "difference", "Difference", "money", sort=TillSession.difference_minor, total=TillSession.difference_minor
        ),
    )
    people: dict[UUID, str] = {}

    def cells(record: tuple[TillSession]) -> dict[str, object]:
        row = record[0]
        if row.teller_id not in people:
            people.update(access.names(session, [row.teller_id]))
        currency = CURRENCIES[row.currency]
        decisive = row.recounted_minor if row.recounted_minor is not None else row.counted_minor
        return {
            "day": row.business_date,
            "till": {"text": row.till_code, "url": url_for("teller.show_session", session_id=row.id)},
            "teller": people.get(row.teller_id, ""),
            "state": row.state,
            "receipts": row.receipts,
            "closed": row.closed_at,
            "float": Money(row.float_minor, currency),
            "counted": Money(decisive, currency) if decisive is not None and row.state == TillState.CLOSED else None,
            "difference": Money(row.difference_minor, currency) if row.difference_minor is not None else None,
        }

    empty = Empty("No till was open in this time", "Choose other days, or fewer filters.")
    page = paginate(
        session,
        queries.days_seen_by(actor),
        columns,
        cells,
        filters=_filters(session, actor),
        empty=empty,
        default_sort="day",
        default_direction="desc",
    )
    page.totals = {"difference": Money(int(page.totals["difference"]), of)}
    back = ("Tills", url_for("teller.till_list")) if actor.may(P.TILL_VIEW) else ("My till", url_for("teller.my_till"))
    return pages.list_page(page, "till-days", "Days of the tills", back)


def _filters(session: Session, actor: Actor) -> tuple[Filter, ...]:
    words = [("any", "Any"), ("short", "Short"), ("over", "Over")]
    shown: list[Filter] = [
        Filter("state", "State", lambda value: TillSession.state == value, "select", STATES),
        Filter("difference", "Difference", DIFFERENCES.get, "select", words),
        *pages.day_filters(TillSession.business_date),
    ]
    if actor.may(P.TILL_VIEW):
        tills = [(till.id, f"{till.code} {till.name}") for till, _ in queries.tills(session, actor)]
        shown.insert(0, pages.id_filter("till", "Till", TillSession.till_id, tills))
    return tuple(shown)


@blueprint.get("/sessions/<uuid:session_id>")
@requires(P.TILL_VIEW, P.TILL_OPERATE)
def show_session(session_id: UUID) -> Response:
    """One day of a till, while it goes on or later: figures, sheet, receipts."""
    return _session_page(session_id, SaccoForm())


def _session_page(session_id: UUID, form: SaccoForm) -> Response:
    session, actor = db.session(), current_actor()
    till = queries.get_day(session, actor, session_id)
    if till.state == TillState.COUNTING and may_open(actor, "teller.receive_till"):
        return redirect_to(url_for("teller.receive_till", session_id=session_id))
    if _counts_blind(session, actor, till):
        return _stopped_page(session, actor, till, form)
    cash, limit = (
        Money(till.balance_minor, CURRENCIES[till.currency]),
        Money(till.limit_minor, CURRENCIES[till.currency]),
    )
    return respond(
        "teller/session.html",
        block="day",
        status=form.status,
        form=form,
        cash=cash,
        limit=limit,
        used=rules.used_percent(cash, limit),
        moves=queries.move_facts(session, queries.moves_of(session, till.id)),
        may_supervise=actor.may(P.TILL_ASSIGN) and till.teller_id != actor.user_id,
        **_day(session, till),
    )


def _counts_blind(session: Session, actor: Actor, till: TillSession) -> bool:
    """Whether this reader may still count the till: it stands still, is handed in, or was sent back to be counted anew."""
    return queries.awaits_count(session, till) or (queries.is_blind(till) and may_open(actor, "teller.receive_till"))


def _stopped_page(session: Session, actor: Actor, till: TillSession, form: SaccoForm) -> Response:
    """A till that is to be counted: without a figure, so that it can be counted blind."""
    names = access.names(session, [till.teller_id, till.suspended_by])
    return respond(
        "teller/stopped.html",
        block="day",
        status=form.status,
        form=form,
        till=till,
        teller=names.get(till.teller_id, ""),
        stopped_by=names.get(till.suspended_by, "") if till.suspended_by else "",
        may_supervise=actor.may(P.TILL_ASSIGN) and till.teller_id != actor.user_id,
    )


def _day(session: Session, till: TillSession) -> dict[str, Any]:
    names = access.names(session, [till.teller_id, till.issued_by, till.suspended_by, till.received_by])
    return {
        "till": till,
        "sheet": sheet.read(session, till),
        "teller": names.get(till.teller_id, ""),
        "custodian": names.get(till.issued_by, ""),
        "stopped_by": names.get(till.suspended_by, "") if till.suspended_by else "",
        "receiver": names.get(till.received_by, "") if till.received_by else "",
        "teller_count": Money(till.counted_minor or 0, CURRENCIES[till.currency]),
        "currency": CURRENCIES[till.currency],
    }


@blueprint.get("/sessions/<uuid:session_id>/certificate")
@requires(P.TILL_VIEW, P.TILL_OPERATE)
def till_certificate(session_id: UUID) -> Response:
    """The till sheet on paper: what came in and went out, the count by denomination, the difference, signatures."""
    session, actor = db.session(), current_actor()
    till = queries.get_day(session, actor, session_id)
    if _counts_blind(session, actor, till):
        return redirect_to(url_for("teller.show_session", session_id=session_id))
    currency = CURRENCIES[till.currency]
    return respond(
        "teller/till_certificate.html",
        sacco=organisation.get_profile(session),
        branch=organisation.get_branch(session, till.branch_id),
        counted_rows=pages.count_rows(till.recounts or till.closing_counts or [], currency),
        **_day(session, till),
    )


@blueprint.post("/sessions/<uuid:session_id>/freeze")
@requires(P.TILL_ASSIGN)
def freeze_till(session_id: UUID) -> Response:
    """A supervisor stops the till."""
    return _supervise(session_id, service.freeze_till, "The till is stopped: its teller can post nothing")


@blueprint.post("/sessions/<uuid:session_id>/release")
@requires(P.TILL_ASSIGN)
def release_till(session_id: UUID) -> Response:
    """A supervisor lets the till go on."""
    return _supervise(session_id, service.release_till, "The till goes on")


def _supervise(session_id: UUID, verb: Callable[[Session, Actor, Clock, UUID], None], words: str) -> Response:
    form, actor, clock = SaccoForm(), current_actor(), current_clock()
    done = submit(form, lambda s: verb(s, actor, clock, session_id))
    if not done.done:
        return _session_page(session_id, form)
    notify(words)
    return redirect_to(url_for("teller.show_session", session_id=session_id))
