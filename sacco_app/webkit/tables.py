"""Lists: filters, sort and page live in the URL, and what is exported is what is filtered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from sacco_app.webkit.exports import csv_response, xlsx_response

PER_PAGE = 25
MAX_PER_PAGE = 200
EXPORT_LIMIT = 50_000


@dataclass(frozen=True)
class Column:
    """One column. `kind`: text, money, number, date, datetime, status. `sort` is the SQL expression to order by."""

    key: str
    label: str
    kind: str = "text"
    sort: Any = None
    total: Any = None

    @property
    def align(self) -> str:
        return "end" if self.kind in ("money", "number") else "start"

    @property
    def sortable(self) -> bool:
        return self.sort is not None


@dataclass(frozen=True)
class Filter:
    """One filter: `apply(value)` gives the SQL condition, or None when the value says nothing."""

    name: str
    label: str
    apply: Callable[[str], ColumnElement[bool] | None]
    kind: str = "text"
    choices: Sequence[tuple[str, str]] = ()
    default: str = ""

    @property
    def value(self) -> str:
        return request.args.get(self.name, self.default).strip()


@dataclass(frozen=True)
class Empty:
    """What an empty list says and offers."""

    title: str
    text: str = ""
    action_label: str = ""
    action_url: str = ""


@dataclass
class Page:
    """What the table macro renders."""

    columns: Sequence[Column]
    rows: list[Mapping[str, Any]]
    total_rows: int
    totals: Mapping[str, Any]
    page: int
    per_page: int
    sort: str
    direction: str
    filters: Sequence[Filter]
    empty: Empty
    formats: Sequence[str] = ("csv", "xlsx")
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total_rows // self.per_page))

    def url(self, **changes: Any) -> str:
        """This list with other filters, page or sort."""
        args = {**request.args.to_dict(), **changes}
        return f"{request.path}?{urlencode({key: value for key, value in args.items() if value not in (None, '')})}"

    @property
    def export_urls(self) -> dict[str, str]:
        return {name: self.url(format=name, page=None) for name in self.formats}


def paginate(
    session: Session,
    query: Select[Any],
    columns: Sequence[Column],
    row: Callable[[Any], Mapping[str, Any]],
    *,
    filters: Sequence[Filter] = (),
    empty: Empty,
    default_sort: str,
    default_direction: str = "asc",
) -> Page:
    """Filter, count, total, sort and cut the query as the URL says. `row` turns a result row into cells by column key."""
    for item in filters:
        condition = item.apply(item.value) if item.value else None
        if condition is not None:
            query = query.where(condition)
    exporting = request.args.get("format") in ("csv", "xlsx")
    per_page = EXPORT_LIMIT if exporting else min(_positive("per_page", PER_PAGE), MAX_PER_PAGE)
    total_rows, totals = _count_and_totals(session, query, columns)
    number = 1 if exporting else min(_positive("page", 1), max(1, -(-total_rows // per_page)))
    by_key = {column.key: column for column in columns if column.sort is not None}
    sort = request.args.get("sort", default_sort)
    sort = sort if sort in by_key else default_sort
    direction = request.args.get("direction", default_direction if sort == default_sort else "asc")
    direction = direction if direction in ("asc", "desc") else "asc"
    if sort in by_key:
        expression = by_key[sort].sort
        assert expression is not None
        query = query.order_by(None).order_by(expression.desc() if direction == "desc" else expression.asc())
    rows = [row(record) for record in session.execute(query.limit(per_page).offset((number - 1) * per_page))]
    return Page(columns, rows, total_rows, totals, number, per_page, sort, direction, filters, empty)


def export(page: Page, name: str) -> Response | None:
    """The file that the URL asks for with `format=csv` or `xlsx`; None when it asks for a page."""
    wanted = request.args.get("format")
    if wanted not in page.formats:
        return None
    header = [column.label for column in page.columns]
    lines = [[row.get(column.key) for column in page.columns] for row in page.rows]
    return csv_response(name, header, lines) if wanted == "csv" else xlsx_response(name, header, lines)


def _count_and_totals(session: Session, query: Select[Any], columns: Sequence[Column]) -> tuple[int, Mapping[str, Any]]:
    totalled = [column for column in columns if column.total is not None]
    picks = [func.count(), *[func.coalesce(func.sum(column.total), 0) for column in totalled]]
    if totalled:
        counted = query.order_by(None).with_only_columns(*picks)
    else:
        counted = select(func.count()).select_from(query.order_by(None).subquery())
    values = session.execute(counted).one()
    return int(values[0]), {column.key: value for column, value in zip(totalled, values[1:], strict=True)}


def _positive(name: str, default: int) -> int:
    text = request.args.get(name, "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else default
