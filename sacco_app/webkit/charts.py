"""Pictures as whole-number geometry: the same figures serve screen and paper. No floating point is involved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT, TOP = 640, 200, 22, 8


@dataclass(frozen=True)
class Datum:
    """One figure: what it is, how much, and how it is written."""

    label: str
    value: int
    text: str


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class BarChart:
    """Bars from the ground line; a negative value is drawn as nothing and still told in the numbers."""

    bars: tuple[Bar, ...]
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Tick:
    label: str
    x: int


@dataclass(frozen=True)
class LineChart:
    """A line through the figures, oldest first."""

    points: str
    area: str
    ticks: tuple[Tick, ...]
    rows: tuple[Datum, ...]
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(data: Sequence[Datum]) -> BarChart:
    """Scale the figures to the picture; an empty or all-zero series gives flat bars."""
    top = max((datum.value for datum in data), default=0) or 1
    slot = WIDTH // max(1, len(data))
    room = HEIGHT - FOOT - TOP
    bars = []
    for index, datum in enumerate(data):
        tall = max(0, datum.value) * room // top
        bars.append(Bar(datum.label, datum.text, index * slot + slot // 8, TOP + room - tall, slot * 3 // 4, tall))
    return BarChart(tuple(bars))


def line_chart(data: Sequence[Datum], ticks: int = 6) -> LineChart:
    """Scale the figures to the picture, with at most `ticks` labels below."""
    low = min((datum.value for datum in data), default=0)
    span = (max((datum.value for datum in data), default=0) - low) or 1
    room = HEIGHT - FOOT - TOP
    steps = max(1, len(data) - 1)
    places = [
        (20 + index * (WIDTH - 40) // steps, TOP + room - (datum.value - low) * room // span)
        for index, datum in enumerate(data)
    ]
    points = " ".join(f"{x},{y}" for x, y in places)
    area = f"{points} {places[-1][0]},{HEIGHT - FOOT} {places[0][0]},{HEIGHT - FOOT}" if places else ""
    every = max(1, len(data) // ticks)
    marks = [Tick(datum.label, places[i][0]) for i, datum in enumerate(data) if i % every == 0]
    return LineChart(points, area, tuple(marks), tuple(data))
