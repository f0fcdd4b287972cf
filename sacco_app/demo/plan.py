"""How large the story is: a year of three branches to look at, or a few weeks for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sacco_app.kernel.dates import SUNDAY

SEED = 20_260


@dataclass(frozen=True, slots=True)
class Place:
    """A branch: where it is, who comes (`share` of all members, in hundredths), and how many visit on a day."""

    code: str
    name: str
    phone: str
    address: str
    district: str
    share: int
    visits: tuple[int, int]


PLACES = (
    Place("HQ", "", "", "", "Kampala", 56, (7, 12)),
    Place("MBR", "Mbarara", "+256800100201", "High Street, Mbarara", "Mbarara", 26, (4, 8)),
    Place("GUL", "Gulu", "+256800100202", "Acholi Road, Gulu", "Gulu", 18, (3, 6)),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """`span` in words: `members` join over `days` days up to today; counters open on market days, and daily in the last `busy` days."""

    span: str
    members: int
    days: int
    busy: int
    founders: int

    def is_open(self, day: date, today: date) -> bool:
        """Tuesdays and Fridays, every working day at the end, and today."""
        if (today - day).days <= self.busy:
            return day.weekday() != SUNDAY or day == today
        return day.weekday() in (1, 4)

    def first_day(self, today: date) -> date:
        return today - timedelta(days=self.days)


YEAR = Plan("a year", members=300, days=365, busy=14, founders=90)
WEEKS = Plan("three weeks", members=25, days=21, busy=6, founders=25)
