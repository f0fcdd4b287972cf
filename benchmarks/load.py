"""Closed loops of clients, each in a process of its own, all starting together and stopping by themselves."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

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


def _run(client: Client, number: int, start: Any, results: Any, duration: float, pause: float) -> None:
    act = client(number)
    act()
    start.wait()
    until = time.perf_counter() + duration
    time.sleep(pause * (number % 10) / 10)
    seconds = []
    while time.perf_counter() < until:
        began = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - began)
        if pause:
            time.sleep(pause)
    results.put(seconds)


def clients(client: Client, count: int, duration: float, pause: float = 0) -> Sample:
    """`count` clients act for `duration` seconds, each resting `pause` seconds between two acts. The first is not counted."""
    start, results = _fork.Barrier(count), _fork.Queue()
    processes = [
        _fork.Process(target=_run, args=(client, number, start, results, duration, pause)) for number in range(count)
    ]
    for process in processes:
        process.start()
    seconds = [one for _ in processes for one in results.get(timeout=duration + 120)]
    for process in processes:
        process.join()
    return Sample(seconds, duration)


def table(title: str, rows: Iterable[tuple[str, str, str]]) -> str:
    """A Markdown table of what was measured, the figure and what it is held against."""
    lines = [f"### {title}", "", "| what | figure | against |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {what} | {figure} | {against} |" for what, figure, against in rows), ""])
