"""Signs of life of the long-running processes, and how they stop: kept in Valkey, gone when they fall silent."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis import Redis, RedisError
from rq import Worker
from rq.worker import WorkerStatus
from rq.worker.base import BaseWorker

from sacco_app.webkit.jobs import TIMEOUT_SECONDS, QueueName

PREFIX = "sacco:process:"
SILENT_AFTER_SECONDS = 20
# RQ beats each time it has waited for a job, which is 15 s less than this, and every 30 s while a work horse runs.
# A job that runs in the worker itself lets no beat through, but it is ended by its queue's time-out.
WORKER_TTL_SECONDS = 30
IDLE_WORKER_SILENT_AFTER = timedelta(seconds=45)
BUSY_WORKER_SILENT_AFTER = timedelta(seconds=TIMEOUT_SECONDS[QueueName.DEFAULT] + 15)


@dataclass(frozen=True, slots=True)
class Process:
    """One process that has given a sign of life within the last seconds."""

    kind: str
    host: str
    pid: int


def sign_of_life(connection: Redis, kind: str) -> None:
    """Say that this process is there; a server that is away is none of its business."""
    try:
        connection.set(f"{PREFIX}{kind}:{socket.gethostname()}:{os.getpid()}", "1", ex=SILENT_AFTER_SECONDS)
    except RedisError:
        return


def living(connection: Redis) -> list[Process]:
    """Every process that lives. Raises redis.RedisError."""
    found = []
    for key in connection.scan_iter(f"{PREFIX}*"):
        kind, host, pid = key.decode().removeprefix(PREFIX).rsplit(":", 2)
        found.append(Process(kind, host, int(pid)))
    return sorted(found, key=lambda one: (one.kind, one.host, one.pid))


def working(connection: Redis, now: datetime) -> list[BaseWorker]:
    """Every worker whose heart beats; the record of one that was killed stays for a while. Raises redis.RedisError."""
    return [worker for worker in Worker.all(connection=connection) if _beats(worker, now)]


def _beats(worker: BaseWorker, now: datetime) -> bool:
    busy = worker.get_state() == WorkerStatus.BUSY
    limit = BUSY_WORKER_SILENT_AFTER if busy else IDLE_WORKER_SILENT_AFTER
    return worker.last_heartbeat is not None and now - worker.last_heartbeat <= limit


def stop_event() -> threading.Event:
    """Set by SIGTERM or SIGINT: the loop ends after the step under way."""
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    return stopped


def loop(kind: str, connection: Redis, step: Callable[[], float]) -> None:
    """Repeat `step` until told to stop; it says how many seconds to wait before the next."""
    stopped = stop_event()
    while not stopped.is_set():
        sign_of_life(connection, kind)
        stopped.wait(step())
