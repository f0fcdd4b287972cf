"""Lists as files: CSV as a stream, Excel and PDF up to a number of rows. Cells that a spreadsheet would run are disarmed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response, current_app, stream_with_context
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from sacco_app.kernel.clock import KAMPALA
from sacco_app.kernel.dates import format_date, format_instant
from sacco_app.kernel.errors import RuleViolation
from sacco_app.kernel.money import Money
from sacco_app.webkit.auth import current_actor, current_clock
from sacco_app.webkit.pdf import render_pdf

LIMITS = {"xlsx": 50_000, "pdf": 1_000}
WIDE = 7
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CHUNK = 500
_CLASSES = {"money": "end", "number": "end", "date": "nowrap", "datetime": "nowrap", "status": "nowrap"}


class TooManyRows(RuleViolation):
    """The list is longer than the kind of file may be."""

    code = "webkit.too_many_rows"
    template = (
        "This list has {rows:,} rows and {kind} takes {limit:,}: narrow the filters, or take CSV, which has no limit"
    )


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is and which day is worked on. The organisation's room gives it by `set_letterhead`."""

    sacco: str
    registration: str
    branch: str
    business_date: date


@dataclass(frozen=True)
class Listing:
    """A list as it goes into a file.

    `facts` are its filters and dates, `totals` stand below by column number, `marks` name rows that stand out.
    """

    name: str
    title: str
    labels: Sequence[str]
    kinds: Sequence[str]
    rows: Iterable[Sequence[Any]]
    facts: Sequence[tuple[str, str]] = ()
    totals: Sequence[Any] = field(default=())
    marks: Sequence[str] = field(default=())


def set_letterhead(app: Any, letterhead: Callable[[Any], Letterhead]) -> None:
    """Say whose paper it is; called by the room that knows."""
    app.extensions["letterhead"] = letterhead


def refuse_too_many(kind: str, rows: int) -> None:
    """Raise TooManyRows when a file of this kind does not take so many rows."""
    limit = LIMITS.get(kind)
    if limit is not None and rows > limit:
        raise TooManyRows(rows=rows, kind=kind.upper(), limit=limit)


def plain_cell(value: Any) -> Any:
    """The value of a cell for a file: amounts as numbers, links as their text, formulas disarmed."""
    if isinstance(value, dict):
        value = value.get("text")
    if isinstance(value, Money):
        return value.decimal
    if isinstance(value, datetime):
        return value.astimezone(KAMPALA).replace(tzinfo=None)
    if value is None or isinstance(value, (int, Decimal, date)):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def worded_cell(value: Any, kind: str = "text") -> str:
    """The value of a cell for paper."""
    if isinstance(value, dict):
        value = value.get("text")
    if value is None:
        return ""
    if isinstance(value, Money):
        return value.format()
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date):
        return format_date(value)
    if kind == "number" and isinstance(value, int):
        return f"{value:,}"
    return str(value).replace("_", " ").capitalize() if kind == "status" else str(value)


def _download(body: Any, name: str, kind: str, mime: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(body, mimetype=mime, headers=headers)


def csv_response(listing: Listing) -> Response:
    """A CSV file of any length, UTF-8 with a byte order mark so that Excel reads names rightly."""
    return _download(stream_with_context(_csv_chunks(listing)), listing.name, "csv", "text/csv")


def _csv_chunks(listing: Listing) -> Iterator[bytes]:
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow(listing.labels)
    for number, row in enumerate(listing.rows, 1):
        writer.writerow([plain_cell(cell) for cell in row])
        if number % _CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_response(listing: Listing) -> Response:
    """An Excel workbook of one sheet with a frozen header, widths that fit and numbers that can be added up."""
    book = Workbook(write_only=True)
    book.properties.title = listing.title
    sheet = book.create_sheet(listing.name[:31])
    sheet.freeze_panes = "A2"
    rows = [[plain_cell(cell) for cell in row] for row in listing.rows]
    for number, label in enumerate(listing.labels, 1):
        longest = max((len(str(row[number - 1])) for row in rows if row[number - 1] is not None), default=0)
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest, len(label)) + 3, 60)
    sheet.append([_styled(sheet, label, bold=True) for label in listing.labels])
    for row in rows:
        sheet.append([_styled(sheet, cell) for cell in row])
    if listing.totals:
        sheet.append([_styled(sheet, plain_cell(cell), bold=True) for cell in listing.totals])
    buffer = io.BytesIO()
    book.save(buffer)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(buffer.getvalue(), listing.name, "xlsx", mime)


def _styled(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    if not bold and not isinstance(value, (Decimal, date)):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    if bold:
        cell.font = Font(bold=True)
    if isinstance(value, Decimal):
        exponent = int(value.as_tuple().exponent)
        cell.number_format = "#,##0" + ("." + "0" * -exponent if exponent < 0 else "")
    elif isinstance(value, date):
        cell.number_format = "d mmm yyyy hh:mm" if isinstance(value, datetime) else "d mmm yyyy"
    return cell


def pdf_response(listing: Listing) -> Response:
    """The list on paper: whose it is, which filters and dates it holds for, page x of y. Raises PdfUnavailable."""
    return _download(render_pdf(pdf_html(listing)), listing.name, "pdf", "application/pdf")


def pdf_html(listing: Listing) -> str:
    """The page that becomes the PDF; every cell is words already."""
    actor = current_actor()
    columns = [(label, _CLASSES.get(kind, "start")) for label, kind in zip(listing.labels, listing.kinds, strict=True)]
    template = current_app.jinja_env.get_template("documents/table.html")
    return template.render(
        listing=listing,
        columns=columns,
        rows=[_worded(row, listing.kinds) for row in listing.rows],
        totals=_worded(listing.totals, listing.kinds) if listing.totals else [],
        letterhead=current_app.extensions["letterhead"](actor),
        made_at=current_clock().now(),
        made_by=actor.name,
        wide=len(columns) > WIDE,
    )


def _worded(row: Sequence[Any], kinds: Sequence[str]) -> list[str]:
    return [worded_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)]


RESPONSES: dict[str, Callable[[Listing], Response]] = {
    "csv": csv_response,
    "xlsx": xlsx_response,
    "pdf": pdf_response,
}
