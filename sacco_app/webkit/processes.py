"""Signs of life of the long-running processes, and how they stop: kept in Valkey, gone when they fall silent."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from redis import Redis, RedisError

PREFIX = "sacco:process:"
SILENT_AFTER_SECONDS = 20


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
