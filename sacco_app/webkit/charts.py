"""Pictures as whole-number geometry: the same figures serve screen and paper. No floating point is involved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT, FOOT, TOP, LEFT, RIGHT = 520, 210, 24, 10, 46, 8
LETTER = 7
SPARK_WIDTH, SPARK_HEIGHT = 120, 26
STEPS = (1, 2, 5)
SUFFIXES = ((10**12, "tn"), (10**9, "bn"), (10**6, "m"), (10**3, "k"))


@dataclass(frozen=True)
class Datum:
    """One figure: what it is, how much, and how it is written."""

    label: str
    value: int
    text: str


@dataclass(frozen=True)
class Rule:
    """A line across the picture at height `y`, with its figure at the left."""

    y: int
    label: str


@dataclass(frozen=True)
class Tick:
    """A word below the picture. `odd` ones are left out where the picture is small."""

    label: str
    x: int
    odd: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar; one below the ground line has `low` set. Where words are too `wide` to stand side by side, `odd` ones hide."""

    label: str
    text: str
    x: int
    y: int
    width: int
    height: int
    centre: int
    low: bool = False
    last: bool = False
    odd: bool = False
    wide: bool = False


@dataclass(frozen=True)
class BarChart:
    """Bars from the ground line, upward and downward."""

    bars: tuple[Bar, ...]
    rules: tuple[Rule, ...]
    ground: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


@dataclass(frozen=True)
class Pair:
    """Two bars side by side under one word."""

    tick: Tick
    first: Bar
    second: Bar


@dataclass(frozen=True)
class PairChart:
    """Two series beside each other; `names` says what they are."""

    pairs: tuple[Pair, ...]
    names: tuple[str, str]
    rules: tuple[Rule, ...]
    ground: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


@dataclass(frozen=True)
class LineChart:
    """A line through the figures, oldest first; `limit` is the height of a line that should not be crossed."""

    points: str
    area: str
    ticks: tuple[Tick, ...]
    rows: tuple[Datum, ...]
    rules: tuple[Rule, ...]
    end_x: int
    end_y: int
    limit: int | None = None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


@dataclass(frozen=True)
class Part:
    """One part of a whole: its place on the strip and its share, written as `12.5 %`."""

    label: str
    text: str
    x: int
    width: int
    share: str
    tone: int


@dataclass(frozen=True)
class StackedBar:
    """One strip made of parts."""

    parts: tuple[Part, ...]
    width: int = WIDTH
    height: int = 18


@dataclass(frozen=True)
class Spark:
    """A line without axes, to stand under a figure."""

    points: str
    end_x: int
    end_y: int
    text: str
    width: int = SPARK_WIDTH
    height: int = SPARK_HEIGHT


def short(value: int, unit: int = 1) -> str:
    """A figure for an axis: `1.5m`, `250k`. `unit` is how many of the value make one (100 for cents)."""
    size = abs(value)
    scale, suffix = next(((s * unit, name) for s, name in SUFFIXES if size >= s * unit), (unit, ""))
    whole, rest = divmod(size * 10 // scale, 10)
    digits = f"{whole}.{rest}" if rest and whole < 100 else str(whole)
    return f"{'−' if value < 0 else ''}{digits}{suffix}"


def _step(span: int) -> int:
    """The smallest of 1, 2, 5, 10, 20 ... that cuts the span into at most four."""
    power = 1
    while True:
        for step in STEPS:
            if step * power * 4 >= span:
                return step * power
        power *= 10


class _Scale:
    """Heights for values between round figures that enclose the series."""

    def __init__(self, values: Sequence[int], unit: int, *, from_zero: bool) -> None:
        low, high = min(values, default=0), max(values, default=0)
        if from_zero or low == high:
            low, high = min(low, 0), max(high, 0)
        step = _step(high - low or 1)
        self.low = low // step * step
        self.high = max(-(-high // step) * step, self.low + step)
        self.rules = tuple(Rule(self.y(at), short(at, unit)) for at in range(self.low, self.high + 1, step))

    def y(self, value: int) -> int:
        """The height at which this value is drawn."""
        room = HEIGHT - FOOT - TOP
        return TOP + room - (value - self.low) * room // (self.high - self.low)


def bar_chart(data: Sequence[Datum], unit: int = 1, *, in_time: bool = True) -> BarChart:
    """Scale the figures to the picture. `unit` is minor units per major, for the figures at the left.

    Of bars `in_time` the last one, which is now, stands out.
    """
    scale = _Scale([datum.value for datum in data], unit, from_zero=True)
    ground = scale.y(0)
    slot = (WIDTH - LEFT - RIGHT) // max(1, len(data))
    width = min(slot * 7 // 10, 56)
    wide = max((len(datum.label) for datum in data), default=0) * LETTER > slot
    bars = []
    for index, datum in enumerate(data):
        top, x = scale.y(datum.value), LEFT + index * slot + (slot - width) // 2
        low, last = datum.value < 0, in_time and index == len(data) - 1
        place = (x, min(top, ground), width, abs(ground - top), x + width // 2)
        bars.append(
            Bar(
                datum.label,
                datum.text,
                *place,
                low=low,
                last=last,
                odd=len(data) > 6 and (len(data) - 1 - index) % 2 == 1,
                wide=wide,
            )
        )
    return BarChart(tuple(bars), scale.rules, ground)


def pair_chart(first: Sequence[Datum], second: Sequence[Datum], names: tuple[str, str], unit: int = 1) -> PairChart:
    """Two series of equal length side by side, group by group. `unit` is minor units per major."""
    scale = _Scale([datum.value for datum in (*first, *second)], unit, from_zero=True)
    ground, count = scale.y(0), max(1, len(first))
    slot = (WIDTH - LEFT - RIGHT) // count
    width = max(1, min(slot * 2 // 5, 28))
    pairs = []
    for index, (one, two) in enumerate(zip(first, second, strict=True)):
        centre = LEFT + index * slot + slot // 2
        tick = Tick(one.label, centre, odd=count > 6 and (count - 1 - index) % 2 == 1)
        bars = [
            _grounded(datum, x, width, scale.y(datum.value), ground)
            for datum, x in ((one, centre - width), (two, centre))
        ]
        pairs.append(Pair(tick, *bars))
    return PairChart(tuple(pairs), names, scale.rules, ground)


def _grounded(datum: Datum, x: int, width: int, top: int, ground: int) -> Bar:
    place = (x, min(top, ground), width, abs(ground - top), x + width // 2)
    return Bar(datum.label, datum.text, *place, low=datum.value < 0)


def line_chart(data: Sequence[Datum], ticks: int = 6, limit: int | None = None, unit: int = 1) -> LineChart:
    """Scale the figures to the picture, with at most `ticks` words below and, if given, a dashed line at `limit`."""
    values = [datum.value for datum in data]
    scale = _Scale([*values, limit] if limit is not None else values, unit, from_zero=False)
    steps, room = max(1, len(data) - 1), WIDTH - LEFT - RIGHT - 12
    places = [(LEFT + 6 + index * room // steps, scale.y(value)) for index, value in enumerate(values)]
    points = " ".join(f"{x},{y}" for x, y in places)
    foot = HEIGHT - FOOT
    area = f"{points} {places[-1][0]},{foot} {places[0][0]},{foot}" if places else ""
    every = -(-len(data) // max(1, ticks)) or 1
    shown = [index for index in range(len(data)) if (len(data) - 1 - index) % every == 0]
    marks = tuple(Tick(data[i].label, places[i][0], odd=(len(shown) - 1 - n) % 2 == 1) for n, i in enumerate(shown))
    end_x, end_y = places[-1] if places else (LEFT, foot)
    height = scale.y(limit) if limit is not None else None
    return LineChart(points, area, marks, tuple(data), scale.rules, end_x, end_y, height)


def stacked_bar(data: Sequence[Datum]) -> StackedBar:
    """Cut one strip by the figures, which may not be negative; the widths sum to the whole strip."""
    total = sum(datum.value for datum in data)
    if any(datum.value < 0 for datum in data):
        raise ValueError("a part of a whole cannot be negative")
    sums = [0]
    for datum in data:
        sums.append(sums[-1] + datum.value)
    edges = [value * WIDTH // total if total else 0 for value in sums]
    parts = []
    for index, (datum, (start, end)) in enumerate(zip(data, pairwise(edges), strict=True)):
        tenths = (datum.value * 2000 + total) // (2 * total) if total else 0
        share = f"{tenths // 10}.{tenths % 10} %"
        parts.append(Part(datum.label, datum.text, start, end - start, share, index % 6))
    return StackedBar(tuple(parts))


def spark_line(data: Sequence[Datum]) -> Spark:
    """A small line of the figures, oldest first, and its first and last figure in words."""
    values = [datum.value for datum in data]
    low, span = min(values, default=0), (max(values, default=0) - min(values, default=0)) or 1
    steps, room = max(1, len(values) - 1), SPARK_HEIGHT - 6
    places = [
        (index * (SPARK_WIDTH - 4) // steps, 3 + room - (value - low) * room // span)
        for index, value in enumerate(values)
    ]
    points = " ".join(f"{x},{y}" for x, y in places)
    end_x, end_y = places[-1] if places else (0, SPARK_HEIGHT)
    text = f"from {data[0].text} ({data[0].label}) to {data[-1].text} ({data[-1].label})" if data else ""
    return Spark(points, end_x, end_y, text)
