"""Pages of the home room."""

from __future__ import annotations

from flask import Blueprint, Flask, current_app, request, url_for
from werkzeug.wrappers import Response

from sacco_app.approvals import queries as approvals
from sacco_app.home import queries
from sacco_app.home import search as finder
from sacco_app.home.dashboard import APPROVALS, Dashboard
from sacco_app.home.types import Frame, TillFact
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import KAMPALA, local_date
from sacco_app.kernel.db import db
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.organisation import queries as organisation
from sacco_app.teller import queries as teller
from sacco_app.webkit.auth import current_actor, current_clock, may_open, signed_in
from sacco_app.webkit.htmx import respond

blueprint = Blueprint("home", __name__)
MAX_QUERY = 80


@blueprint.get("/")
@signed_in
def start() -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    profile = organisation.get_profile(session)
    branches = organisation.list_branches(session)
    mine = next((branch for branch in branches if branch.id == actor.branch_id), branches[0])
    board = Dashboard(session, actor, mine.business_date, profile.currency)
    return respond(
        "home/dashboard.html",
        block="board",
        greeting=_greeting(clock.now().astimezone(KAMPALA).hour),
        first_name=actor.name.split(" ")[0],
        figures=board.figures(),
        pictures=board.pictures(),
        work=_work(actor),
    )


def _greeting(hour: int) -> str:
    return "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"


def _work(actor: Actor) -> list[list[object]] | None:
    if not may_open(actor, APPROVALS):
        return None
    rows = queries.waiting_for(db.session(), actor)
    return [
        [
            {"text": row.summary, "url": url_for("approvals.show_request", request_id=row.id)},
            Money(row.amount_minor, CURRENCIES[row.currency]) if row.currency else None,
            row.maker_name,
            row.made_at,
        ]
        for row in rows
    ]


@blueprint.get("/facts")
@signed_in
def show_facts() -> Response:
    """The facts of the top bar and the counts of the navigation: pages read them again when a nudge says that they changed."""
    return respond("layouts/_facts.html", live=True)


@blueprint.get("/search")
@signed_in
def search() -> Response:
    text = request.args.get("q", "").strip()[:MAX_QUERY]
    hits = finder.find(db.session(), current_actor(), text) if text else []
    return respond("home/search.html", text=text, hits=hits)


def frame(actor: Actor) -> Frame:
    """What stands around every page for this actor."""
    session, clock = db.session(), current_clock()
    profile = organisation.get_profile(session)
    branches = organisation.list_branches(session)
    branch = next((one for one in branches if one.id == actor.branch_id), branches[0])
    sees = may_open(actor, APPROVALS)
    return Frame(
        sacco_name=profile.name,
        branch_name=branch.name,
        business_date=branch.business_date,
        business_date_differs=branch.business_date != local_date(clock.now()),
        till=_till(actor),
        approvals_waiting=approvals.count_waiting(session, actor) if sees else 0,
        approvals_url=url_for(APPROVALS) if sees else "",
        idle_minutes=current_app.extensions["config"].session_idle_minutes,
        realtime_port=current_app.extensions["config"].realtime_port,
    )


def _till(actor: Actor) -> TillFact | None:
    """The actor's till; its cash is hidden while it is counted, because the count is blind."""
    if not may_open(actor, "teller.console"):
        return None
    mine = teller.live_session_of(db.session(), actor.user_id)
    if mine is None:
        return TillFact("closed", "", url_for("teller.open_till_page"))
    shown = mine.state == "opened" and not teller.is_blind(mine) and request.endpoint != "teller.close_till_page"
    cash = Money(mine.balance_minor, CURRENCIES[mine.currency]).format() if shown else ""
    return TillFact(mine.state, cash, url_for("teller.console"))


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    app.extensions["frame"] = frame
