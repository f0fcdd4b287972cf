"""Words of the home room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sacco_app.webkit.charts import BarChart, Datum, LineChart, PairChart, Spark


@dataclass(frozen=True, slots=True)
class TillFact:
    """The till of the person who looks: its state, and its cash unless it is being counted."""

    state: str
    cash: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    sacco_name: str
    branch_name: str
    business_date: date
    business_date_differs: bool
    till: TillFact | None
    approvals_waiting: int
    approvals_url: str
    idle_minutes: int
    realtime_port: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the start page, each a way to its list. `series` is its recent course, oldest first."""

    label: str
    value: str
    note: str = ""
    tone: str = ""
    url: str = ""
    series: tuple[Datum, ...] = ()
    spark: Spark | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its title; one of the three is set."""

    title: str
    bars: BarChart | None = None
    line: LineChart | None = None
    pairs: PairChart | None = None


@dataclass(frozen=True, slots=True)
class DayFlow:
    """What came in and went out on one business date, in minor units, and how many transactions there were."""

    day: date
    paid_in: int
    paid_out: int
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a search found."""

    kind: str
    title: str
    detail: str
    url: str
