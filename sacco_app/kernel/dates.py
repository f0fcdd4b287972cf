"""Business calendar arithmetic, pure: months, working days, and how a date is written for people."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sacco_app.kernel.clock import KAMPALA

SUNDAY = 6


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int, day_of_month: int | None = None) -> date:
    """`months` later, keeping the original day of the month: the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    wanted = day_of_month or day.day
    return date(year, month + 1, min(wanted, calendar.monthrange(year, month + 1)[1]))


def next_working_day(day: date, holidays: Collection[date], rest_days: Collection[int] = (SUNDAY,)) -> date:
    """`day` itself if people work then, else the next day on which they do (Monday is 0, Sunday 6)."""
    while day in holidays or day.weekday() in rest_days:
        day += timedelta(days=1)
    return day


def format_date(day: date) -> str:
    """`23 Nov 2026`."""
    return f"{day.day} {day:%b %Y}"


def format_instant(instant: datetime) -> str:
    """`23 Nov 2026 14:05`, Kampala time."""
    local = instant.astimezone(KAMPALA)
    return f"{format_date(local.date())} {local:%H:%M}"
