"""The only source of time. Instants are aware and in UTC; people read Africa/Kampala."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

KAMPALA = ZoneInfo("Africa/Kampala")


class Clock(Protocol):
    """Tells the instant."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is moved: tests and the making of history."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant

    def advance(self, step: timedelta) -> None:
        self.instant += step


def local_date(instant: datetime) -> date:
    """The calendar day in Kampala at this instant."""
    return instant.astimezone(KAMPALA).date()


def start_of(day: date) -> datetime:
    """The first instant of a day in Kampala."""
    return datetime.combine(day, time.min, KAMPALA)
