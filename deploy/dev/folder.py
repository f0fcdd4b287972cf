"""What belongs to this folder while it runs: `var/`, one `make run` at a time, and its processes.

Every process carries the folder's mark in its environment and asks the kernel to be ended with its parent, so neither a
killed supervisor nor a closed terminal leaves anything behind. Standard library only.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("SACCO_VAR") or ROOT / "var").resolve()
PROCESS = {"SACCO_PROCESS_OF": str(VAR)}
SERVER_MARK = "SACCO_SERVER_OF"
END_SECONDS = 10
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def die_with_parent(signum: int) -> None:
    """Have `signum` sent to this process when its parent ends, however that ends. Where there is no Linux: nothing."""
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, signum)


def processes_of(mark: dict[str, str]) -> list[int]:
    """The processes other than this one whose environment carries `mark` (Linux; elsewhere none are found)."""
    ((name, value),) = mark.items()
    wanted = f"{name}={value}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(entry.name) != os.getpid() and wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def end_processes(mark: dict[str, str]) -> None:
    """End what carries `mark`: asked first, forced after ten seconds. PostgreSQL is asked not to wait for its clients."""
    deadline = time.monotonic() + END_SECONDS
    signum = signal.SIGINT if SERVER_MARK in mark else signal.SIGTERM
    while left := processes_of(mark):
        for process in left:
            with contextlib.suppress(OSError):
                os.kill(process, signum)
        if signum == signal.SIGKILL:
            return
        while processes_of(mark) and time.monotonic() < deadline:
            time.sleep(0.05)
        signum = signal.SIGKILL


def end_leftovers() -> None:
    """End what a killed `make run` of this folder left: programs first, then the servers under them."""
    end_processes(PROCESS)
    end_processes({SERVER_MARK: str(VAR)})


class Busy(SystemExit):
    """`make run` runs in this folder."""


@contextlib.contextmanager
def sole_use() -> Iterator[None]:
    """Hold `var/` alone: ends with one clear line when somebody else's, or while `make run` runs in this folder."""
    VAR.mkdir(parents=True, exist_ok=True)
    if VAR.stat().st_uid != os.geteuid():
        raise SystemExit(f"{VAR} belongs to the user who first ran this: go on as that user, or delete the folder")
    with (VAR / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("`make run` is running in this folder: stop it first") from None
        yield
