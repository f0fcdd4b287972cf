"""Closed loops of clients in processes of their own, all starting together and stopping by themselves."""

from __future__ import annotations

import gc
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

Act = Callable[[], None]
Client = Callable[[int], Act]
_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Sample:
    """What the clients of one loop saw: seconds for each act, and the time that all of it took."""

    seconds: list[float]
    wall: float

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.wall

    def percentile(self, share: float) -> float:
        """The time in seconds within which this share of the acts was done."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class _Start(NamedTuple):
    """What the clients of one loop share: where they wait for each other, where they tell, and how long they act."""

    barrier: Any
    results: Any
    duration: float
    pause: float


def _run(client: Client, number: int, start: _Start) -> None:
    act = client(number)
    act()
    start.barrier.wait()
    until = time.perf_counter() + start.duration
    time.sleep(start.pause * (number % 10) / 10)
    seconds = []
    while time.perf_counter() < until:
        began = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - began)
        if start.pause:
            time.sleep(start.pause)
    start.results.put(seconds)


def _side_by_side(client: Client, numbers: range, start: _Start) -> None:
    threads = [threading.Thread(target=_run, args=(client, number, start)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def clients(client: Client, count: int, duration: float, pause: float = 0, together: int = 1) -> Sample:
    """`count` clients act for `duration` seconds, each resting `pause` seconds between two acts. The first is not counted.

    `together` of them are threads of one process, as in a web server.
    """
    gc.collect()
    gc.freeze()  # as the web server does before it forks
    start = _Start(_fork.Barrier(count), _fork.Queue(), duration, pause)
    processes = [
        _fork.Process(target=_side_by_side, args=(client, range(first, first + together), start))
        for first in range(0, count, together)
    ]
    for process in processes:
        process.start()
    seconds = [one for _ in range(count) for one in start.results.get(timeout=duration + 120)]
    for process in processes:
        process.join()
    return Sample(seconds, duration)


def table(title: str, rows: Iterable[tuple[str, str, str]]) -> str:
    """A Markdown table of what was measured, the figure and what it is held against."""
    lines = [f"### {title}", "", "| what | figure | against |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {figure} | {against} |" for what, figure, against in rows), ""])
