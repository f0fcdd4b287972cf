"""Lists as files: what is filtered, of any length as CSV, bounded as Excel and PDF, disarmed, recorded."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import event, text

from sacco_app.kernel.db import db
from sacco_app.kernel.money import KES, UGX, Money
from sacco_app.webkit import exports, pdf
from sacco_app.webkit.exports import Listing, plain_cell, worded_cell
from tests.factories.access import make_user, sign_in

AT = datetime(2026, 11, 23, 11, 5, tzinfo=UTC)


@pytest.fixture
def accountant(client, session, clock):
    return sign_in(client, session, clock, make_user(session, clock, "accountant"))


@pytest.mark.parametrize(
    ("value", "plain", "worded"),
    [
        (Money(1_234_500, UGX), Decimal(1_234_500), "1,234,500"),
        (Money(-150, KES), Decimal("-1.50"), "−1.50"),
        ({"text": "M-000001", "url": "/m"}, "M-000001", "M-000001"),
        (date(2026, 11, 23), date(2026, 11, 23), "23 Nov 2026"),
        (AT, datetime(2026, 11, 23, 14, 5), "23 Nov 2026 14:05"),
        ("=1+1", "'=1+1", "=1+1"),
        (None, None, ""),
    ],
)
def test_a_cell_is_a_number_in_a_sheet_and_words_on_paper(value, plain, worded):
    assert plain_cell(value) == plain
    assert worded_cell(value) == worded


def test_a_sheet_can_be_added_up(app):
    rows = [[date(2026, 11, 23), "Rent", Money(400_000, UGX)], [date(2026, 11, 24), "=SUM(A1)", Money(50, KES)]]
    listing = Listing("l", "L", ["Date", "What", "Amount"], ["date", "text", "money"], rows, totals=["Total", None, 5])
    body = exports.xlsx_response(listing).get_data()
    sheet = load_workbook(io.BytesIO(body)).active
    values = list(sheet.iter_rows(values_only=True))
    assert values[0] == ("Date", "What", "Amount")
    assert values[1][2] == 400_000
    assert (values[2][1], values[2][2]) == ("'=SUM(A1)", 0.5)
    assert values[3] == ("Total", None, 5)
    assert (sheet["C2"].number_format, sheet["C3"].number_format) == ("#,##0", "#,##0.00")
    assert sheet.freeze_panes == "A2"


def test_paper_says_whose_it_is_and_what_is_filtered(accountant):
    answer = accountant.get("/ledger/accounts?class=A&q=1&format=pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="chart-of-accounts.pdf"'
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
    assert len(pages) > 1
    for words in ("Umoja SACCO", "Chart of accounts", "Class Assets", "Search 1", "1110", "Vault cash"):
        assert words in pages[0], pages[0]
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Kampala Main, business date 23 Nov 2026 · made 23 Nov 2026 09:00 by Accountant" in page


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_who_took_a_list_is_recorded(accountant, session, kind):
    assert accountant.get(f"/ledger/accounts?class=M&format={kind}").status_code == 200
    query = "SELECT actor_name, after FROM audit_events WHERE action = 'lists.exported' AND subject_id = :name"
    ((who, after),) = session.execute(text(query), {"name": "chart-of-accounts"}).all()
    assert (who, after) == ("Accountant", {"format": kind, "rows": 5, "Class": "Memorandum"})


def test_too_long_a_list_is_refused_in_words_and_csv_is_not(accountant, monkeypatch):
    monkeypatch.setitem(exports.LIMITS, "pdf", 10)
    answer = accountant.get("/ledger/accounts?format=pdf")
    assert answer.status_code == 409
    assert "PDF takes 10: narrow the filters, or take CSV, which has no limit" in answer.text
    page = accountant.get("/ledger/accounts").text
    assert "format=pdf" not in page
    assert "Up to 10 rows" in page
    assert accountant.get("/ledger/accounts?format=csv").status_code == 200


def test_csv_comes_in_pieces_and_holds_every_row(accountant, session):
    statements = []

    def note(_connection, cursor, *_):
        statements.append(cursor.name)

    engine = db.session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        body = accountant.get("/ledger/posting-profiles?format=csv").data.decode("utf-8-sig")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    rows = list(csv.reader(io.StringIO(body)))
    assert len(rows) == 1 + session.execute(text("SELECT count(*) FROM posting_profiles")).scalar()
    assert any(name for name in statements), "the rows were not read from a cursor on the server"


def test_a_machine_without_the_libraries_says_so(accountant, monkeypatch):
    def missing():
        raise pdf.PdfUnavailable

    monkeypatch.setattr(pdf, "load_engine", missing)
    answer = accountant.get("/ledger/accounts?format=pdf")
    assert answer.status_code == 409
    assert "administrator installs Pango" in answer.text
