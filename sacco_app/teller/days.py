"""Filters of the room's lists by business date."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from sacco_app.webkit.tables import Filter


def day_filters(column: Any) -> tuple[Filter, Filter]:
    """From and to, both days included; what is no day says nothing."""

    def bound(value: str, *, until: bool) -> ColumnElement[bool] | None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return None
        found: ColumnElement[bool] = column <= day if until else column >= day
        return found

    return (
        Filter("from", "From", lambda value: bound(value, until=False), "date"),
        Filter("to", "To", lambda value: bound(value, until=True), "date"),
    )
