"""Lists as files. Cells that a spreadsheet would run as a formula are written as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response
from openpyxl import Workbook

from sacco_app.kernel.clock import KAMPALA
from sacco_app.kernel.money import Money

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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


def _download(body: bytes, name: str, kind: str, mime: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(body, mimetype=mime, headers=headers)


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """A CSV file, UTF-8 with a byte order mark so that Excel reads names rightly."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return _download(buffer.getvalue().encode("utf-8-sig"), name, "csv", "text/csv")


def xlsx_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """An Excel workbook of one sheet with a frozen header."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    sheet.append(list(header))
    for row in rows:
        sheet.append([plain_cell(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(buffer.getvalue(), name, "xlsx", mime)
