"""A worker: `python -m sacco_app.worker critical default`. Takes jobs of the queues named, the first one first.

The small jobs of `critical` and `default` run in the worker itself, one after the other. Those of `bulk`, which draw paper,
run in a forked work horse each: what one leaks or breaks is gone with it.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
import time

from redis import RedisError
from rq import Queue, SimpleWorker, Worker
from rq.worker.base import BaseWorker

from config import Config
from sacco_app.app import create_app
from sacco_app.kernel.db import db
from sacco_app.webkit import jobs, processes
from sacco_app.webkit.jobs import QueueName
from sacco_app.webkit.pdf import PdfUnavailable, load_engine

log = logging.getLogger("sacco.worker")
POLITE = 10


def prepare(names: list[str]) -> None:
    """Load what every horse would load again and keep it, and let a worker of long runs give way to everybody else."""
    with contextlib.suppress(PdfUnavailable):
        load_engine()
    gc.collect()
    gc.freeze()
    if set(names) == {QueueName.BULK}:
        os.nice(POLITE)
        with contextlib.suppress(AttributeError, OSError):  # where the system has it: the counter goes first, at once
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def make_worker(queues: list[Queue]) -> BaseWorker:
    """The worker of these queues. Its heart beats often enough for the health page to miss it within about a minute."""
    kind = Worker if any(queue.name == QueueName.BULK for queue in queues) else SimpleWorker
    return kind(
        queues,
        connection=queues[0].connection,
        serializer="json",
        worker_ttl=processes.WORKER_TTL_SECONDS,
        log_job_description=False,
    )


def work(names: list[str]) -> None:
    """Work until told to stop; a queue server that went away is waited for."""
    app = create_app(Config.from_env())
    jobs.bind(app)
    prepare(names)
    with app.app_context():
        engine = db.engine
    os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))
    stopped = False
    while not stopped:
        connection = jobs.connect(app)
        queues = [jobs.queue_of(connection, QueueName(name)) for name in names]
        try:
            worker = make_worker(queues)
            worker.work(logging_level="WARNING")
            stopped = (
                worker._shutdown_requested_date is not None
            )  # `_stop_requested` is set only in the middle of a job
        except RedisError as trouble:
            log.warning("waiting: %s", type(trouble).__name__)
        if not stopped:
            time.sleep(1)


if __name__ == "__main__":
    work(sys.argv[1:] or [queue.value for queue in QueueName])
