"""The program's processes and engines as a house of its own, where each can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import Config
from deploy.dev.servers import postgres, valkey
from deploy.dev.setup import ROOT

Rest = threading.Event


def wait_for(what: Callable[[], bool], seconds: float) -> bool:
    """Look until it is so or the time is over."""
    until, rest = time.monotonic() + seconds, Rest()
    while time.monotonic() < until:
        with contextlib.suppress(Exception):
            if what():
                return True
        rest.wait(0.2)
    return False


@dataclass
class House:
    """Engines and processes by name."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    engines: dict[str, ExitStack] = field(default_factory=dict)
    servers: dict[str, list[int]] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_engine(self, name: str) -> str:
        """Start PostgreSQL or Valkey on its folder. Returns the address."""
        make: Any = postgres if name == "postgres" else valkey
        options = {"durable": True} if name == "postgres" else {}
        stack, others = ExitStack(), set(_descendants(os.getpid()))
        self.engines[name] = stack
        address = str(stack.enter_context(make(self.folder / name, **options)))
        self.servers[name] = sorted(set(_descendants(os.getpid())) - others)
        return address

    def kill_engine(self, name: str, *, forget: bool = False) -> None:
        """Kill it as a power cut would; with `forget` what it had written is gone too."""
        own = self.servers.pop(name)
        for process in [*own, *(child for parent in own for child in _descendants(parent))]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.engines.pop(name).close()
        if forget:
            shutil.rmtree(self.folder / name)

    def start(self, name: str, *command: str) -> None:
        """Start a process of the Procfile."""
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        """Kill a process and whatever it had forked."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for child in _descendants(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        process.wait(10)

    def close(self) -> None:
        """End everything."""
        for name in list(self.processes):
            self.kill(name)
        for stack in self.engines.values():
            stack.close()


def _descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            rest = entry.read_text().rpartition(")")[2].split()
            children.setdefault(int(rest[1]), []).append(int(entry.parent.name))
    found, look = [], [pid]
    while look:
        for child in children.get(look.pop(), []):
            found.append(child)
            look.append(child)
    return found


@contextlib.contextmanager
def house(folder: Path) -> Iterator[House]:
    """A house that is empty at the end, whatever happened in it."""
    made = House(folder)
    try:
        yield made
    finally:
        made.close()


def environment_of(config: Config) -> dict[str, str]:
    """The settings as the processes read them; a delivery that is lost is noticed within seconds."""
    names = ("database_url", "redis_url", "secret_key", "field_encryption_key", "upload_dir")
    settings = {name.upper(): str(getattr(config, name)) for name in names}
    return {**settings, "SACCO_ENV": "development", "JOB_LEASE_SECONDS": "4"}
