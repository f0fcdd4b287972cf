"""Pictures: whole-number geometry that stays inside its frame and tells every figure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sacco_app.webkit.charts import HEIGHT, LEFT, WIDTH, Datum, bar_chart, line_chart, short, spark_line, stacked_bar

SERIES = st.lists(st.integers(-(10**15), 10**15), max_size=40)
AMOUNTS = st.lists(st.integers(0, 10**15), max_size=40)


def data(values: list[int]) -> list[Datum]:
    return [Datum(f"d{index}", value, f"{value:,}") for index, value in enumerate(values)]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, 1, "0"),
        (950, 1, "950"),
        (1_500, 1, "1.5k"),
        (250_000_000, 1, "250m"),
        (10**12, 1, "1tn"),
        (-20_000, 1, "−20k"),
        (640, 100, "6.4"),
    ],
)
def test_a_figure_of_an_axis_is_short(value: int, unit: int, text: str) -> None:
    assert short(value, unit) == text


def test_bars_grow_from_the_ground() -> None:
    chart = bar_chart(data([0, 50, 100, -50]))
    flat, half, full, below = chart.bars
    assert flat.height == 0
    assert full.height == pytest.approx(2 * half.height, abs=1)
    assert full.y + full.height == chart.ground == below.y
    assert below.low
    assert below.last


@given(SERIES)
def test_every_bar_stays_in_the_frame(values: list[int]) -> None:
    chart = bar_chart(data(values))
    assert len(chart.bars) == len(values)
    assert all(bar.x >= LEFT and bar.x + bar.width <= WIDTH for bar in chart.bars)
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT for bar in chart.bars)
    assert len(chart.rules) <= 7


@given(SERIES)
def test_every_point_of_a_line_stays_in_the_frame(values: list[int]) -> None:
    chart = line_chart(data(values), limit=500)
    places = [tuple(map(int, pair.split(","))) for pair in chart.points.split()]
    assert len(places) == len(values) == len(chart.rows)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)
    assert len(chart.ticks) <= 6


@given(AMOUNTS)
def test_parts_fill_the_strip(values: list[int]) -> None:
    parts = stacked_bar(data(values)).parts
    assert sum(part.width for part in parts) == (WIDTH if sum(values) else 0)
    assert all(part.width >= 0 for part in parts)


def test_shares_are_written_out() -> None:
    assert [part.share for part in stacked_bar(data([1, 2])).parts] == ["33.3 %", "66.7 %"]


def test_a_part_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        stacked_bar(data([5, -1]))


def test_a_spark_says_where_it_began_and_ended() -> None:
    assert spark_line(data([1, 5])).text == "from 1 (d0) to 5 (d1)"
    assert spark_line([]).points == ""


@pytest.mark.parametrize(("label", "wide"), [("Jan", False), ("13 Nov", True)])
def test_words_that_do_not_fit_side_by_side_are_marked(label, wide):
    bars = bar_chart([Datum(label, 1, "1")] * 12).bars
    assert {bar.wide for bar in bars} == {wide}
    assert [bar.odd for bar in bars] == [True, False] * 6
