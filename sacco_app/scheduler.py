"""The metronome: `python -m sacco_app.scheduler`. Every half minute a worker is told to look which tasks are due.

It decides nothing and remembers nothing: PostgreSQL knows when each task last ran. Two of them do no harm, a lost tick
is made good by the next. RQ's own cron puts pickled jobs onto the queue, which our workers refuse to read.
"""

from __future__ import annotations

import logging

from flask import Flask
from redis import Redis, RedisError

from config import Config
from sacco_app.app import create_app
from sacco_app.webkit import jobs, processes
from sacco_app.webkit.jobs import QueueName

log = logging.getLogger("sacco.scheduler")
TICK_SECONDS = 30
BEAT_SECONDS = 10


def tick(connection: Redis) -> None:
    """Ask a worker to run what is due; an older request that nobody took is worth nothing and is left to lapse."""
    queue = jobs.queue_of(connection, QueueName.DEFAULT)
    queue.enqueue_call("sacco_app.webkit.jobs.run_due_tasks", ttl=TICK_SECONDS, result_ttl=60, timeout=600)


def run(app: Flask) -> None:
    """Beat until told to stop."""
    connection = jobs.connect(app)
    beats = 0

    def beat() -> float:
        nonlocal beats
        if beats % (TICK_SECONDS // BEAT_SECONDS) == 0:
            try:
                tick(connection)
            except RedisError as trouble:
                log.warning("waiting: %s", type(trouble).__name__)
                return 1.0
        beats += 1
        return BEAT_SECONDS

    processes.loop("scheduler", connection, beat)


if __name__ == "__main__":
    run(create_app(Config.from_env()))
