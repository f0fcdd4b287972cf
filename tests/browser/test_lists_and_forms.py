"""What only a real browser and a database that commits for real can show: lists as files, and a first click that counts."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.browser.test_teller_day import sign_in

LISTS = ("/members", "/transactions", "/savings/accounts", "/audit-trail", "/approvals", "/users", "/ledger/accounts")


@pytest.fixture
def auditor(pages):
    return sign_in(pages(), "auditor")


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_a_csv_file(auditor, path):
    answer = auditor.request.get(f"{path}?format=csv")
    assert answer.status == 200, path
    rows = list(csv.reader(io.StringIO(answer.body().decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert rows[0]


def test_the_first_click_after_a_correction_posts(pages):
    page = sign_in(pages(), "branch_manager")
    page.goto("/teller/tills/new")
    page.fill("[name=code]", "T9")
    page.fill("[name=name]", "Counter 9")
    page.fill("[name=limit]", "abc")
    page.click("main form button[type=submit]:has-text('Set the till up')")
    expect(page.locator("[data-summary]")).to_be_visible()
    page.fill("[name=limit]", "5000000")
    box = page.locator("main form button[type=submit]:has-text('Set the till up')").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.mouse.up()
