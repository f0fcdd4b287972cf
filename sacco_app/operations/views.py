"""Pages of the operations room: health, jobs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, current_app, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.deliveries import Delivery
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.masking import masked_text
from sacco_app.kernel.outbox import OutboxEvent
from sacco_app.kernel.uow import run
from sacco_app.operations import health, service, words
from sacco_app.operations import jobs as _jobs  # noqa: F401 - declares the recurring tasks
from sacco_app.operations.types import OperationsPermission as P
from sacco_app.webkit import jobs
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.htmx import notify, redirect_to, respond
from sacco_app.webkit.jobs import QueueName
from sacco_app.webkit.navigation import NavItem, add_navigation
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

blueprint = Blueprint("operations", __name__, url_prefix="/operations")
FAILED = Delivery.failed_at.is_not(None)
WAITING = Delivery.done_at.is_(None) & Delivery.failed_at.is_(None)
STATES = {"failed": FAILED, "waiting": WAITING, "done": Delivery.done_at.is_not(None)}
COLUMNS = (
    Column("job", "Job", sort=Delivery.subscriber),
    Column("event", "Because of", sort=OutboxEvent.topic),
    Column("at", "When", "datetime", sort=Delivery.created_at),
    Column("attempts", "Tries", "number", sort=Delivery.attempts),
    Column("state", "State", "status"),
    Column("error", "What went wrong"),
)


def _filters() -> tuple[Filter, ...]:
    states = [(name, name.capitalize()) for name in STATES]
    queues = [(name.value, name.value.capitalize()) for name in QueueName]
    named = sorted(((name, jobs.words_of(name)) for name in jobs.subscribers()), key=lambda one: one[1])
    return (
        Filter("state", "State", STATES.get, "select", states, default="failed"),
        Filter("queue", "Queue", lambda v: Delivery.queue == v, "select", queues),
        Filter("job", "Job", lambda v: Delivery.subscriber == v, "select", named),
    )


@blueprint.get("/health")
@requires(P.HEALTH_VIEW)
def show_health() -> Response:
    found = health.look(db.session(), current_app.extensions["valkey"], current_clock().now())
    return respond("operations/health.html", block="results", health=found)


def _state(row: Delivery) -> str:
    return "failed" if row.failed_at else "completed" if row.done_at else "queued"


def _error(row: Delivery) -> str:
    """Why it failed; of a job that goes on or is done, why an attempt before did."""
    error = masked_text(row.error)
    return f"Earlier attempt: {error}" if error and not row.failed_at else error


def _cells(record: tuple[Delivery, str]) -> dict[str, object]:
    row, topic = record
    return {
        "job": {"text": jobs.words_of(row.subscriber), "url": url_for("operations.show_job", delivery_id=row.id)},
        "event": words.of_topic(topic),
        "at": row.created_at,
        "attempts": row.attempts,
        "state": _state(row),
        "error": _error(row),
    }


def _query() -> Any:
    return select(Delivery, OutboxEvent.topic).join(OutboxEvent, OutboxEvent.id == Delivery.event_id)


@blueprint.get("/jobs")
@requires(P.JOB_VIEW)
def list_jobs() -> Response:
    empty = Empty("No job here", "Nothing has failed, or the filter is too narrow.", "Health", url_for(".show_health"))
    page = paginate(
        db.session(),
        _query(),
        COLUMNS,
        _cells,
        filters=_filters(),
        empty=empty,
        default_sort="at",
        default_direction="desc",
    )
    return export(page, "jobs") or respond("operations/jobs.html", block="results", page=page)


@blueprint.get("/jobs/<uuid:delivery_id>")
@requires(P.JOB_VIEW)
def show_job(delivery_id: UUID) -> Response:
    """One job of any branch: what it was told is shown masked, because whoever runs the program need not know members."""
    row = db.session.get(Delivery, delivery_id)
    if row is None:
        raise NotFound
    event = db.session.get_one(OutboxEvent, row.event_id)
    return respond(
        "operations/job.html",
        row=row,
        event=event,
        job=jobs.words_of(row.subscriber),
        because=words.of_topic(event.topic),
        state=_state(row),
        error=masked_text(row.error),
        told=words.told(event.payload),
    )


@blueprint.post("/jobs/retry")
@requires(P.JOB_RETRY)
def retry_all_jobs() -> Response:
    """Every failed job once more: after a gateway has come back."""
    failed = list(db.session.scalars(select(Delivery.id).where(FAILED).order_by(Delivery.failed_at)))
    return _retry(failed)


@blueprint.post("/jobs/<uuid:delivery_id>/retry")
@requires(P.JOB_RETRY)
def retry_job(delivery_id: UUID) -> Response:
    return _retry([delivery_id])


def _retry(delivery_ids: list[UUID]) -> Response:
    actor, clock = current_actor(), current_clock()
    count = run(actor, clock, lambda session: service.retry_jobs(session, actor, clock, delivery_ids))
    notify(f"{count} to be tried again" if count > 1 else "It is tried again now")
    return redirect_to(url_for(".list_jobs"))


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    add_navigation(
        app,
        NavItem("Administration", "Health", "operations.show_health", "heartbeat", 80),
        NavItem("Administration", "Jobs", "operations.list_jobs", "list-check", 81),
    )
