"""Lists: filters, sort and page live in the URL, and what is exported is what is filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from sacco_app.kernel import audit
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.uow import run
from sacco_app.webkit.auth import current_actor, current_clock
from sacco_app.webkit.exports import LIMITS, RESPONSES, Listing, refuse_too_many

PER_PAGE = 25
MAX_PER_PAGE = 200
_FETCH = 1_000


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
    """One filter: `apply(value)` gives the SQL condition, or None when the value says nothing.

    `blank` are the words of a select's empty choice.
    """

    name: str
    label: str
    apply: Callable[[str], ColumnElement[bool] | None]
    kind: str = "text"
    choices: Sequence[tuple[str, str]] = ()
    default: str = ""
    blank: str = "All"

    @property
    def value(self) -> str:
        return request.args.get(self.name, self.default).strip()

    @property
    def words(self) -> str:
        """What is filtered by, as people read it."""
        if self.kind == "date":
            try:
                return format_date(date.fromisoformat(self.value))
            except ValueError:
                return self.value
        return next((text for value, text in self.choices if str(value) == self.value), self.value)


@dataclass(frozen=True)
class FileOffer:
    """A kind of file that a list may be taken as; without a `url` the list is too long for it."""

    name: str
    url: str
    limit: int


@dataclass(frozen=True)
class Empty:
    """What an empty list says and offers."""

    title: str
    text: str = ""
    action_label: str = ""
    action_url: str = ""


@dataclass
class Page:
    """What the table macro renders. A row with `_mark` stands out: head, line, account, sum or total of a report.

    The rows of a report (`is_report`) are not counted, and on a phone its first two columns head the others.
    """

    columns: Sequence[Column]
    rows: Iterable[Mapping[str, Any]]
    total_rows: int
    totals: Mapping[str, Any]
    page: int
    per_page: int
    sort: str
    direction: str
    filters: Sequence[Filter]
    empty: Empty
    formats: Sequence[str] = ("csv", "xlsx", "pdf")
    extra: dict[str, str] = field(default_factory=dict)
    is_report: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total_rows // self.per_page))

    def url(self, **changes: Any) -> str:
        """This list with other filters, page or sort."""
        args = {**request.args.to_dict(), **changes}
        return f"{request.path}?{urlencode({key: value for key, value in args.items() if value not in (None, '')})}"

    @property
    def files(self) -> list[FileOffer]:
        """The kinds of file that this list is offered as."""
        fits = {name: self.total_rows <= LIMITS.get(name, self.total_rows) for name in self.formats}
        return [
            FileOffer(name, self.url(format=name, page=None) if fits[name] else "", LIMITS.get(name, 0))
            for name in self.formats
        ]


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
    wanted = request.args.get("format")
    exporting = wanted in RESPONSES
    total_rows, totals = _count_and_totals(session, query, columns)
    if exporting:
        refuse_too_many(str(wanted), total_rows)
    per_page = max(1, total_rows) if exporting else min(_positive("per_page", PER_PAGE), MAX_PER_PAGE)
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
    if wanted == "csv":
        rows: Iterable[Mapping[str, Any]] = _streamed(session, query, row)
    else:
        cut = query if exporting else query.limit(per_page).offset((number - 1) * per_page)
        rows = [row(record) for record in session.execute(cut)]
    return Page(columns, rows, total_rows, totals, number, per_page, sort, direction, filters, empty)


def _streamed(
    session: Session, query: Select[Any], row: Callable[[Any], Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """The rows from a cursor on the server, opened when the first one is wanted: a commit before that would close it."""
    for record in session.execute(query.execution_options(yield_per=_FETCH)):
        yield row(record)


def export(
    page: Page,
    name: str,
    *,
    title: str = "",
    filters: Sequence[Filter] = (),
    facts: Sequence[tuple[str, str]] = (),
) -> Response | None:
    """The file that the URL asks for with `format=csv`, `xlsx` or `pdf`; None when it asks for a page.

    `filters` are those that the page applies itself, `facts` what else the paper must tell. Who took what is recorded.
    """
    wanted = request.args.get("format", "")
    if wanted not in page.formats:
        return None
    refuse_too_many(wanted, page.total_rows)
    told = [(item.label, item.words) for item in (*page.filters, *filters) if item.value]
    listing = Listing(
        name,
        title or name.replace("-", " ").capitalize(),
        [column.label for column in page.columns],
        [column.kind for column in page.columns],
        ([row.get(column.key) for column in page.columns] for row in page.rows),
        (*facts, *told),
        _totals_row(page),
        [str(row.get("_mark", "")) for row in page.rows] if isinstance(page.rows, list) else (),
    )
    after = {"format": wanted, "rows": page.total_rows, **dict(told)}
    run(current_actor(), current_clock(), lambda s: audit.record(s, "lists.exported", ("lists", name), after=after))
    return RESPONSES[wanted](listing)


def _totals_row(page: Page) -> list[Any]:
    if not page.totals:
        return []
    cells = [page.totals.get(column.key) for column in page.columns]
    return ["Total" if cells[0] is None else cells[0], *cells[1:]]


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
