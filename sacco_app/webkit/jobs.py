"""Work after the answer: subscribers of outbox events, and recurring tasks. A room declares them in its `jobs.py`.

The relay hands deliveries to RQ, a worker calls `run_delivery`. A subscriber of the usual kind runs in one transaction
together with the mark that it is done, so its effect happens once however often the job arrives. One that calls a
provider says `transaction=False`, opens its own transactions around the call and must bear being called again.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask
from redis import Redis, RedisError
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from sqlalchemy.orm import Session

from sacco_app.kernel import deliveries, schedule
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.deliveries import Due, Work
from sacco_app.kernel.errors import ExternalFailure
from sacco_app.kernel.uow import run

log = logging.getLogger("sacco.jobs")
F = TypeVar("F", bound=Callable[..., None])
BATCH = 200
LEASE_MARGIN = 30


class QueueName(StrEnum):
    """Queues by promise: money and security first, what a person waits for next, then the long runs."""

    CRITICAL = "critical"
    DEFAULT = "default"
    BULK = "bulk"


TIMEOUT_SECONDS = {QueueName.CRITICAL: 60, QueueName.DEFAULT: 60, QueueName.BULK: 600}


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One listener of a topic. `name` is its place, `room.jobs.function`: it is stored, so renaming orphans deliveries."""

    name: str
    queue: QueueName
    handler: Callable[..., None]
    transaction: bool


@dataclass(frozen=True, slots=True)
class Recurring:
    """A task that runs at most once in each interval."""

    name: str
    interval: timedelta
    task: Callable[[Session, Actor, Clock], None]


_by_topic: dict[str, list[Subscriber]] = {}
_by_name: dict[str, Subscriber] = {}
_recurring: dict[str, Recurring] = {}
_bound: dict[str, Flask] = {}


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__.removeprefix('sacco_app.')}.{function.__name__}"


def subscriber(topic: str, *, queue: str = QueueName.DEFAULT, transaction: bool = True) -> Callable[[F], F]:
    """The function hears of every event of the topic.

    It is called as `handler(session, actor, clock, payload)`, or with `transaction=False` as `handler(clock, payload)`.
    `ExternalFailure` is tried again after growing pauses; any other exception waits on the page of failed jobs.
    """

    def mark(handler: F) -> F:
        entry = Subscriber(_name(handler), QueueName(queue), handler, transaction)
        if entry.name not in _by_name:
            _by_topic.setdefault(topic, []).append(entry)
        _by_name[entry.name] = entry
        return handler

    return mark


def every(*, minutes: int = 0, hours: int = 0) -> Callable[[F], F]:
    """The function `task(session, actor, clock)` runs once in each interval, in one transaction."""

    def mark(task: F) -> F:
        _recurring[_name(task)] = Recurring(_name(task), timedelta(minutes=minutes, hours=hours), task)
        return task

    return mark


def bind(app: Flask) -> None:
    """The application that jobs of this process run in; forked work horses inherit it."""
    _bound["app"] = app


def connect(app: Flask) -> Redis:
    """A connection to the queue's server, which may be away: callers bear its errors."""
    return Redis.from_url(app.extensions["config"].redis_url, socket_connect_timeout=2, health_check_interval=15)


def queue_of(connection: Redis, name: str) -> Queue:
    """One queue. Jobs are JSON: nobody who can write to the queue's server can make us run code."""
    return Queue(name, connection=connection, serializer="json", default_timeout=TIMEOUT_SECONDS[QueueName(name)])


def _system() -> Actor:
    return Actor.system("System", channel="worker")


def _leases(app: Flask) -> dict[str, timedelta]:
    """How long a delivery may be under way before it is handed over again: past the queue's time-out, unless set."""
    told = app.extensions["config"].job_lease_seconds
    return {name.value: timedelta(seconds=told or seconds + LEASE_MARGIN) for name, seconds in TIMEOUT_SECONDS.items()}


def take(app: Flask, clock: Clock) -> tuple[int, list[Due]]:
    """Fan new events out and take what is due, in one transaction."""
    listeners = {topic: [(one.name, one.queue.value) for one in heard] for topic, heard in _by_topic.items()}

    def work(session: Session) -> tuple[int, list[Due]]:
        events = deliveries.fan_out(session, clock.now(), listeners, BATCH)
        session.flush()
        return events, deliveries.take_due(session, clock.now(), _leases(app), BATCH)

    return run(_system(), clock, work)


def hand_over(app: Flask, clock: Clock, connection: Redis) -> int:
    """One step of the relay. Returns how many events and deliveries moved. Raises redis.RedisError, losing nothing."""
    events, due = take(app, clock)
    for number, one in enumerate(due):
        try:
            if _is_queued(connection, one):
                run(_system(), clock, lambda session: deliveries.still_waits(session, one))  # noqa: B023
            else:
                _enqueue(connection, one)
        except RedisError:
            left = due[number:]
            run(_system(), clock, lambda session: deliveries.give_back(session, clock.now(), left))  # noqa: B023
            raise
    return events + len(due)


def _is_queued(connection: Redis, due: Due) -> bool:
    """True when the reminder of the attempt before still waits its turn: a second one would only lengthen the queue."""
    if due.attempt == 1:
        return False
    with contextlib.suppress(NoSuchJobError):
        earlier = Job.fetch(f"{due.id}-{due.attempt - 1}", connection=connection, serializer="json")
        return earlier.get_status() == JobStatus.QUEUED
    return False


def _enqueue(connection: Redis, due: Due) -> None:
    queue_of(connection, due.queue).enqueue_call(
        "sacco_app.webkit.jobs.run_delivery",
        (str(due.id),),
        job_id=f"{due.id}-{due.attempt}",
        result_ttl=60,
        failure_ttl=86_400,
        description=str(due.id),
    )


def run_delivery(delivery_id: str) -> None:
    """What RQ calls, in a work horse."""
    app = _bound["app"]
    with app.app_context():
        deliver(app.extensions["clock"], UUID(delivery_id))


def deliver(clock: Clock, delivery_id: UUID) -> None:
    """Let the subscriber do its work and write down what came of it."""
    try:
        work = run(_system(), clock, lambda session: _attempt(session, clock, delivery_id))
        if work is not None:
            _by_name[work.subscriber].handler(clock, _payload(work))
            run(_system(), clock, lambda session: deliveries.finish(session, delivery_id, clock.now()))
    except ExternalFailure as failure:
        words = f"{failure.code}: {failure.message}"
        log.warning("delivery %s is put off: %s", delivery_id, words)
        run(_system(), clock, lambda session: deliveries.postpone(session, delivery_id, clock.now(), words))
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        log.exception("delivery %s failed", delivery_id)
        run(_system(), clock, lambda session: deliveries.fail(session, delivery_id, clock.now(), words))


def _attempt(session: Session, clock: Clock, delivery_id: UUID) -> Work | None:
    """Run a subscriber of the usual kind to its end; give back what one that opens its own transactions is to do."""
    work = deliveries.begin(session, delivery_id, lock=True)
    if work is None:
        return None
    listener = _by_name.get(work.subscriber)
    if listener is None:
        deliveries.fail(session, delivery_id, clock.now(), f"nobody is called {work.subscriber} any more")
        return None
    if not listener.transaction:
        return work
    listener.handler(session, _system(), clock, _payload(work))
    deliveries.finish(session, delivery_id, clock.now())
    return None


def _payload(work: Work) -> Mapping[str, Any]:
    return {**work.payload, "event_id": str(work.event_id)}


def run_due_tasks() -> None:
    """What the scheduler's tick makes a worker do: run each recurring task whose time has come."""
    app = _bound["app"]
    with app.app_context():
        run_tasks(app.extensions["clock"])


def run_tasks(clock: Clock) -> list[str]:
    """Run what is due; a task that fails says so on the health page and keeps nobody else waiting. Returns the names."""
    ran = []
    for entry in sorted(_recurring.values(), key=lambda one: one.name):
        if run(_system(), clock, lambda session, e=entry: schedule.claim_run(session, e.name, clock.now(), e.interval)):  # type: ignore[misc]
            _run_task(clock, entry)
            ran.append(entry.name)
    return ran


def _run_task(clock: Clock, entry: Recurring) -> None:
    error = ""
    try:
        run(_system(), clock, lambda session: entry.task(session, _system(), clock))
    except Exception as failure:
        log.exception("task %s failed", entry.name)
        error = f"{type(failure).__name__}: {failure}"
    run(_system(), clock, lambda session: schedule.finish_run(session, entry.name, clock.now(), error))


def words_of(name: str) -> str:
    """What a job or recurring task does: the first sentence of its docstring. Its name, when nobody is called so."""
    listener, task = _by_name.get(name), _recurring.get(name)
    function = listener.handler if listener else task.task if task else None
    told = (getattr(function, "__doc__", None) or name).strip().splitlines()[0]
    return told.partition(". ")[0].removesuffix(".")


def subscribers() -> list[str]:
    """The names of all jobs."""
    return sorted(_by_name)


def recurring() -> list[Recurring]:
    """Every recurring task there is, by name."""
    return sorted(_recurring.values(), key=lambda one: one.name)


def drain(app: Flask, clock: Clock) -> int:
    """Deliver everything that is due, in this process and without a queue (tests, the making of history). Returns how many."""
    count = 0
    while True:
        events, due = take(app, clock)
        for one in due:
            deliver(clock, one.id)
        count += len(due)
        if not events and not due:
            return count
