"""How the parts of the program do, read where each leaves its traces."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from redis import Redis, RedisError
from rq import Queue
from sqlalchemy import text
from sqlalchemy.orm import Session

from sacco_app.kernel import deliveries, schedule
from sacco_app.kernel.clock import local_date
from sacco_app.kernel.masking import masked_text
from sacco_app.operations.types import Health, Part, QueueDepth, State
from sacco_app.organisation.queries import list_branches
from sacco_app.webkit import jobs, processes
from sacco_app.webkit.jobs import QueueName

EXPECTED = ("relay", "scheduler", "realtime")
RELAY_LATE = timedelta(seconds=30)
RELAY_DOWN = timedelta(minutes=5)


def look(session: Session, connection: Redis, now: datetime) -> Health:
    """Look at every part. An engine that is away is a finding, not an error."""
    try:
        running, queues, valkey = _running(connection, now), _queues(connection), _valkey(connection)
    except RedisError:
        lost = "does not answer: messages and documents wait in the database until it does"
        running, queues, valkey = (), (), Part("Valkey", State.DOWN, lost)
    waiting = deliveries.backlog(session)
    return Health(
        engines=(_database(session), valkey),
        processes=running,
        queues=queues,
        relay=_relay(waiting, now),
        tasks=tuple(_task(row, now) for row in schedule.tasks(session)),
        branches=_branches(session, now),
        failed=waiting.failed,
    )


def _database(session: Session) -> Part:
    size = session.scalar(text("SELECT pg_size_pretty(pg_database_size(current_database()))"))
    used, most = session.execute(
        text("SELECT (SELECT count(*) FROM pg_stat_activity), current_setting('max_connections')::int")
    ).one()
    state = State.LATE if used > most * 0.8 else State.WELL
    return Part("PostgreSQL", state, f"{size}, {used} of {most} connections in use")


def _valkey(connection: Redis) -> Part:
    memory = connection.info("memory")
    return Part("Valkey", State.WELL, f"{memory['used_memory_human']} in use")


def _running(connection: Redis, now: datetime) -> tuple[Part, ...]:
    """Each kind of process with how many of it live; a worker counts for every queue that it listens to."""
    counts = Counter(process.kind for process in processes.living(connection))
    for worker in processes.working(connection, now):
        counts.update(f"worker: {name}" for name in worker.queue_names())
    kinds = [*EXPECTED, *(f"worker: {queue.value}" for queue in QueueName)]
    return tuple(_process(kind, counts[kind]) for kind in kinds)


def _process(kind: str, count: int) -> Part:
    name = kind.capitalize()
    if not count:
        return Part(name, State.DOWN, "no sign of life")
    return Part(name, State.WELL, "1 process" if count == 1 else f"{count} processes")


def _queues(connection: Redis) -> tuple[QueueDepth, ...]:
    found: list[QueueDepth] = []
    for name in QueueName:
        queue: Queue = jobs.queue_of(connection, name)
        found.append(QueueDepth(name.value, len(queue), len(queue.started_job_registry)))
    return tuple(found)


def _relay(waiting: deliveries.Backlog, now: datetime) -> Part:
    behind = now - waiting.oldest if waiting.oldest else timedelta()
    state = State.DOWN if behind > RELAY_DOWN else State.LATE if behind > RELAY_LATE else State.WELL
    lag = f"{int(behind.total_seconds()):,} s behind" if waiting.unsent else "nothing waits"
    note = f"{lag}; {waiting.unsent:,} events not handed over, {waiting.waiting:,} deliveries under way"
    return Part("Outbox relay", state, note, waiting.oldest)


def _task(row: schedule.ScheduledTask, now: datetime) -> Part:
    intervals = {entry.name: entry.interval for entry in jobs.recurring()}
    overdue = now - row.started_at > 3 * intervals.get(row.name, timedelta.max / 4)
    state = State.LATE if row.error or overdue else State.WELL
    note = masked_text(row.error) or ("has not run for long" if overdue else "ran" if row.finished_at else "is running")
    return Part(jobs.words_of(row.name), state, note, row.started_at, row.name)


def _branches(session: Session, now: datetime) -> tuple[Part, ...]:
    today = local_date(now)
    found = []
    for branch in list_branches(session):
        behind = (today - branch.business_date).days
        state = State.LATE if behind > 3 else State.WELL
        note = f"business date {branch.business_date:%-d %b %Y}" + (f", {behind} days behind" if behind > 0 else "")
        found.append(Part(branch.name, state, note))
    return tuple(found)
