"""What happens after the answer: every event reaches every subscriber, its effect happens once, failures are seen."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoConnection
from rq import SimpleWorker
from sqlalchemy import select

from sacco_app.kernel import deliveries, outbox
from sacco_app.kernel.deliveries import Delivery
from sacco_app.kernel.errors import ExternalFailure, RuleViolation
from sacco_app.kernel.reference import ReferenceVersion
from sacco_app.kernel.schedule import ScheduledTask
from sacco_app.kernel.uow import transaction
from sacco_app.webkit import jobs


@dataclass(frozen=True)
class Happened:
    topic: ClassVar[str] = "test.happened"
    word: str


@pytest.fixture
def heard(monkeypatch):
    """Registries of this test alone, and what its subscribers were told."""
    for name in ("_by_topic", "_by_name", "_recurring"):
        monkeypatch.setattr(jobs, name, {})
    return []


def tell(clock, system, *words):
    with transaction(system, clock) as inner:
        for word in words:
            outbox.record(inner, Happened(word))


def rows(session):
    session.expire_all()
    return list(session.scalars(select(Delivery).order_by(Delivery.created_at)))


def test_each_subscriber_hears_each_event_once(app, session, system, clock, heard):
    @jobs.subscriber("test.happened")
    def first(inner, actor, now, payload):
        heard.append(("first", payload["word"], actor.is_system))

    @jobs.subscriber("test.happened", queue="bulk", transaction=False)
    def second(now, payload):
        heard.append(("second", payload["word"]))

    tell(clock, system, "a")
    assert jobs.drain(app, clock) == 2
    assert jobs.drain(app, clock) == 0
    assert sorted(heard) == [("first", "a", True), ("second", "a")]
    assert {row.queue for row in rows(session)} == {"default", "bulk"}


def test_the_effect_and_the_mark_are_one(app, session, system, clock, heard):
    @jobs.subscriber("test.happened")
    def handler(inner, actor, now, payload):
        inner.add(ScheduledTask(name="effect", started_at=now.now(), error=""))
        inner.flush()
        raise RuleViolation

    tell(clock, system, "a")
    jobs.drain(app, clock)
    row = rows(session)[0]
    assert (row.done_at, row.failed_at is not None) == (None, True)
    assert "RuleViolation" in row.error
    assert session.get(ScheduledTask, "effect") is None


def test_a_job_that_arrives_again_does_nothing(app, session, system, clock, heard):
    @jobs.subscriber("test.happened")
    def handler(inner, actor, now, payload):
        heard.append(payload["word"])

    tell(clock, system, "a")
    jobs.drain(app, clock)
    jobs.deliver(clock, rows(session)[0].id)
    assert heard == ["a"]


def test_what_fails_outside_is_tried_again_with_growing_pauses_and_then_shown(app, session, system, clock, heard):
    @jobs.subscriber("test.happened", transaction=False)
    def handler(now, payload):
        heard.append(now.now())
        raise ExternalFailure

    tell(clock, system, "a")
    while not rows(session) or rows(session)[0].failed_at is None:
        jobs.drain(app, clock)
        clock.advance(timedelta(seconds=5))
    pauses = [round((b - a).total_seconds()) for a, b in itertools.pairwise(heard)]
    assert pauses == list(deliveries.BACKOFF_SECONDS)
    row = rows(session)[0]
    assert row.error.startswith("external_failure")
    with transaction(system, clock) as inner:
        assert deliveries.retry(inner, row.id, clock.now())
    jobs.drain(app, clock)
    assert len(heard) == len(deliveries.BACKOFF_SECONDS) + 2


def test_what_the_queue_lost_is_handed_over_again(app, session, system, clock, heard, config):
    @jobs.subscriber("test.happened")
    def handler(inner, actor, now, payload):
        heard.append(payload["word"])

    connection = Redis.from_url(config.redis_url)
    tell(clock, system, "a")
    assert jobs.hand_over(app, clock, connection) == 2
    connection.flushdb()
    clock.advance(timedelta(seconds=jobs.TIMEOUT_SECONDS[jobs.QueueName.DEFAULT]))
    assert jobs.hand_over(app, clock, connection) == 0
    clock.advance(timedelta(seconds=jobs.LEASE_MARGIN))
    assert jobs.hand_over(app, clock, connection) == 1
    jobs.bind(app)
    queue = jobs.queue_of(connection, "default")
    assert SimpleWorker([queue], connection=connection, serializer="json").work(burst=True)
    assert heard == ["a"]
    connection.flushdb()


def test_what_still_waits_in_the_queue_is_not_put_there_twice(app, session, system, clock, heard, config):
    @jobs.subscriber("test.happened")
    def handler(inner, actor, now, payload):
        heard.append(payload["word"])

    connection = Redis.from_url(config.redis_url)
    tell(clock, system, "a")
    for _ in range(3):
        jobs.hand_over(app, clock, connection)
        clock.advance(timedelta(minutes=5))
    assert len(jobs.queue_of(connection, "default")) == 1
    assert rows(session)[0].attempts == 1
    connection.flushdb()


def test_a_queue_that_is_away_loses_nothing(app, session, system, clock, heard):
    @jobs.subscriber("test.happened")
    def handler(inner, actor, now, payload):
        heard.append(payload["word"])

    tell(clock, system, "a", "b")
    with pytest.raises(NoConnection):
        jobs.hand_over(app, clock, Redis(unix_socket_path="/nonexistent", retry=None))
    assert [row.attempts for row in rows(session)] == [0, 0]
    jobs.drain(app, clock)
    assert sorted(heard) == ["a", "b"]


def test_a_recurring_task_runs_once_in_its_interval_and_its_failure_is_kept(app, session, clock, heard):
    @jobs.every(minutes=10)
    def well(inner, actor, now):
        heard.append(inner.scalars(select(ReferenceVersion.id)).one())

    @jobs.every(minutes=10)
    def ill(inner, actor, now):
        raise RuleViolation

    assert len(jobs.run_tasks(clock)) == 2
    clock.advance(timedelta(minutes=9))
    assert jobs.run_tasks(clock) == []
    clock.advance(timedelta(minutes=1))
    assert len(jobs.run_tasks(clock)) == 2
    assert heard == [1, 1]
    session.expire_all()
    errors = {row.name.rsplit(".", 1)[1]: row.error for row in session.scalars(select(ScheduledTask))}
    assert errors["well"] == ""
    assert "RuleViolation" in errors["ill"]


def test_a_lease_can_be_set(app, session, system, clock, heard, monkeypatch):
    @jobs.subscriber("test.happened")
    def handler(inner, actor, now, payload):
        heard.append(payload["word"])

    short = dataclasses.replace(app.extensions["config"], job_lease_seconds=5)
    monkeypatch.setitem(app.extensions, "config", short)
    tell(clock, system, "a")
    jobs.take(app, clock)
    clock.advance(timedelta(seconds=5))
    jobs.drain(app, clock)
    assert heard == ["a"]
