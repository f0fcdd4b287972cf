"""Months keep their day, and what falls on a rest day moves to the next working day."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sacco_app.kernel.clock import local_date
from sacco_app.kernel.dates import add_months, format_date, month_end, next_working_day


def test_the_31st_becomes_the_last_day_and_comes_back():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 2, 28), 1, day_of_month=31) == date(2026, 3, 31)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert month_end(date(2028, 2, 3)) == date(2028, 2, 29)


def test_sunday_and_holiday_move_to_the_next_working_day():
    assert next_working_day(date(2026, 12, 25), {date(2026, 12, 25), date(2026, 12, 26)}) == date(2026, 12, 28)


def test_the_day_in_kampala_begins_three_hours_before_utc():
    assert local_date(datetime(2026, 11, 23, 21, 30, tzinfo=UTC)) == date(2026, 11, 24)
    assert format_date(date(2026, 11, 3)) == "3 Nov 2026"
