"""The administrator sees how the program runs, and what failed can be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from redis import Redis
from rq.worker import WorkerStatus
from sqlalchemy import func, select

from sacco_app.kernel import deliveries, outbox
from sacco_app.kernel.audit import AuditEvent
from sacco_app.kernel.deliveries import Delivery
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import transaction
from sacco_app.operations import health
from sacco_app.operations.jobs import forget_what_is_long_done
from sacco_app.operations.types import State
from sacco_app.webkit import jobs, processes
from sacco_app.webkit.jobs import QueueName
from sacco_app.worker import make_worker
from tests.factories.access import make_user, sign_in


@dataclass(frozen=True)
class Happened:
    topic: ClassVar[str] = "test.happened"
    word: str


@pytest.fixture
def failed(app, session, system, clock, monkeypatch):
    """A delivery that failed once, and would succeed now."""
    for name in ("_by_topic", "_by_name", "_recurring"):
        monkeypatch.setattr(jobs, name, {})
    heard = []

    @jobs.subscriber("test.happened")
    def handler(inner, actor, now, payload):
        """A paper is printed. It needs a printer."""
        heard.append(payload["word"])
        if len(heard) == 1:
            raise ValueError("no such paper")

    with transaction(system, clock) as inner:
        outbox.record(inner, Happened("a"))
    jobs.drain(app, clock)
    return session.scalars(select(Delivery)).one(), heard


def test_the_administrator_finds_the_failed_job_and_tries_it_again(app, client, session, clock, failed):
    row, heard = failed
    sign_in(client, session, clock, make_user(session, clock, "administrator"))
    listed = client.get("/operations/jobs").text
    assert "no such paper" in listed
    page = client.get(f"/operations/jobs/{row.id}").text
    assert "no such paper" in page
    for shown in (listed, page):
        assert "A paper is printed" in shown
        assert "Test: happened" in shown
        assert "needs a printer" not in shown
    assert "A paper is printed" in client.get(f"/operations/jobs?job={row.subscriber}").text
    assert "No job here" in client.get("/operations/jobs?job=another").text
    assert row.subscriber in page
    assert "What went wrong" in page
    assert client.post(f"/operations/jobs/{row.id}/retry").status_code == 303
    jobs.drain(app, clock)
    assert heard == ["a", "a"]
    assert client.post(f"/operations/jobs/{row.id}/retry").status_code == 409
    assert "No job here" in client.get("/operations/jobs").text
    assert "Earlier attempt: ValueError: no such paper" in client.get("/operations/jobs?state=done").text
    healed = client.get(f"/operations/jobs/{row.id}").text
    assert "Earlier attempt" in healed
    assert "What went wrong" not in healed
    kept = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == str(row.id))).all()
    assert kept == ["operations.job_retried"]


def test_all_failed_jobs_are_tried_again_at_once(app, client, session, clock, failed):
    sign_in(client, session, clock, make_user(session, clock, "administrator"))
    assert client.post("/operations/jobs/retry").status_code == 303
    assert client.post("/operations/jobs/retry").status_code == 409


@pytest.mark.parametrize("role", ["branch_manager", "auditor"])
def test_the_jobs_of_every_branch_are_the_administrators(client, session, clock, failed, role):
    sign_in(client, session, clock, make_user(session, clock, role))
    health_page = client.get("/operations/health")
    assert "1 job has failed" in health_page.text
    assert "/operations/jobs" not in health_page.text
    for path in ("/operations/jobs", f"/operations/jobs/{failed[0].id}"):
        assert client.get(path).status_code == 403
    assert client.post(f"/operations/jobs/{failed[0].id}/retry").status_code == 403


def test_a_job_names_no_member(client, session, clock, failed):
    row, _ = failed
    told = {"member_id": str(new_id()), "phone": "+256772123456", "word": "a", "to": "grace@umoja.example"}
    row.error = "the gateway refused +256772123456 of REG-0000000123"
    session.get_one(outbox.OutboxEvent, row.event_id).payload = told
    session.flush()
    sign_in(client, session, clock, make_user(session, clock, "administrator"))
    for path in (f"/operations/jobs/{row.id}", "/operations/jobs", "/operations/jobs?format=csv"):
        page = client.get(path).text
        assert "+25677****456" in page
        assert "256772123456" not in page
        assert "REG-0000000123" not in page
        assert told["member_id"] not in page
        assert "grace@" not in page
    assert "g***@umoja.example" in client.get(f"/operations/jobs/{row.id}").text


def test_health_names_what_is_silent_and_what_is_late(app, session, system, clock, config):
    connection = Redis.from_url(config.redis_url)
    processes.sign_of_life(connection, "relay")
    found = health.look(session, connection, clock.now())
    states = {part.name: part.state for part in (*found.engines, *found.processes)}
    assert (states["PostgreSQL"], states["Valkey"]) == (State.WELL, State.WELL)
    assert (states["Relay"], states["Scheduler"], states["Worker: critical"]) == (State.WELL, State.DOWN, State.DOWN)
    with transaction(system, clock) as inner:
        outbox.record(inner, Happened("a"))
    written = session.scalars(select(outbox.OutboxEvent.created_at)).one()
    assert health.look(session, connection, written + timedelta(minutes=1)).relay.state == State.LATE
    assert health.look(session, connection, written + timedelta(minutes=6)).relay.state == State.DOWN


def test_a_worker_that_was_killed_is_missed_within_about_a_minute(session, config):
    connection = Redis.from_url(config.redis_url)
    worker = make_worker([jobs.queue_of(connection, "default")])
    worker.register_birth()
    born = worker.last_heartbeat

    def state_after(seconds):
        found = health.look(session, connection, born + timedelta(seconds=seconds))
        return next(part.state for part in found.processes if part.name == "Worker: default")

    assert (state_after(0), state_after(40), state_after(60)) == (State.WELL, State.WELL, State.DOWN)
    worker.set_state(WorkerStatus.BUSY)
    assert (state_after(70), state_after(80)) == (State.WELL, State.DOWN)
    assert connection.ttl(worker.key) <= 90
    worker.register_death()


def test_a_worker_beats_more_often_than_it_is_missed(config):
    connection = Redis.from_url(config.redis_url)
    for queue in QueueName:
        worker = make_worker([jobs.queue_of(connection, queue)])
        assert worker.dequeue_timeout * 2 <= processes.IDLE_WORKER_SILENT_AFTER.total_seconds()
        longest = worker.job_monitoring_interval * 2 if queue == QueueName.BULK else jobs.TIMEOUT_SECONDS[queue]
        assert longest < processes.BUSY_WORKER_SILENT_AFTER.total_seconds()


def test_recurring_tasks_have_words(app, client, session, clock):
    jobs.run_tasks(clock)
    sign_in(client, session, clock, make_user(session, clock, "branch_manager"))
    page = client.get("/operations/health").text
    assert "<td>Refresh tokens that ran out a month ago are forgotten: they prove nothing any more<br>" in page
    assert "<td>api.jobs" not in page
    for name in [*(entry.name for entry in jobs.recurring()), *jobs.subscribers()]:
        assert jobs.words_of(name) != name


def test_health_is_a_page_even_when_valkey_is_away(app, client, session, clock, monkeypatch):
    monkeypatch.setitem(app.extensions, "valkey", Redis(unix_socket_path="/nonexistent", retry=None))
    sign_in(client, session, clock, make_user(session, clock, "administrator"))
    page = client.get("/operations/health")
    assert page.status_code == 200
    assert "A part of the program does not answer" in page.text


def test_what_is_long_done_is_forgotten_and_what_failed_is_not(app, session, system, clock, failed):
    with transaction(system, clock) as inner:
        outbox.record(inner, Happened("b"))
    jobs.drain(app, clock)
    clock.advance(timedelta(days=91))
    with transaction(system, clock) as inner:
        forget_what_is_long_done(inner, system, clock)
    assert deliveries.backlog(session).failed == 1
    assert session.scalar(select(func.count()).select_from(Delivery)) == 1
