"""The start page and the search, as each role sees them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.factories.access import make_user, make_user_everywhere, sign_in
from tests.factories.counter import make_counter
from tests.ledger.builders import draft, leg, post

ROOT = Path(__file__).resolve().parents[2]
ROLES = list(json.loads((ROOT / "sacco_app/access/data/roles.json").read_text()))


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_start_page_and_a_search(client, session, clock, role):
    sign_in(client, session, clock, make_user(session, clock, role))
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Umoja SACCO" in answer.text
    assert "23 Nov 2026" in answer.text
    assert client.get("/search?q=nobody").status_code == 200


@pytest.mark.parametrize("role", ["teller", "branch_manager", "auditor"])
def test_nothing_on_the_start_page_leads_to_a_refusal(client, session, clock, role):
    sign_in(client, session, clock, make_user(session, clock, role))
    page = client.get("/").text
    links = {link for link in re.findall(r'href="(/[^"#]*)"', page) if not link.startswith("/static")}
    refused = [link for link in sorted(links) if client.get(link, follow_redirects=True).status_code >= 400]
    assert not refused


def test_the_search_escapes_what_was_typed(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    answer = client.get("/search", query_string={"q": "<script>alert(1)</script>"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_the_business_date_is_amber_when_it_differs_from_today(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    assert "not today" not in client.get("/search").text
    session.execute(text("UPDATE branches SET business_date = '2026-11-21'"))
    page = client.get("/search").text
    assert "not today" in page
    assert "21 Nov 2026" in page


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("branch_manager", ("Cash by till", "Members admitted by month")),
        ("accountant", ("Members' savings at the end of each month", "Assets, UGX", "Surplus, UGX")),
        ("auditor", ("Members' savings at the end of each month", "Members admitted by month")),
        ("loan_officer", ("Members admitted by month",)),
    ],
)
def test_each_role_sees_pictures_of_what_it_looks_after(client, session, clock, role, shown):
    counter = make_counter(session, clock)
    counter.deposit(50_000)
    sign_in(client, session, clock, make_user_everywhere(session, clock, role))
    page = client.get("/").text
    for words in shown:
        assert words in page.replace("&#39;", "'"), words
    assert "<svg" in page


def test_what_members_saved_leaves_out_what_the_sacco_borrowed(client, session, clock, system):
    counter = make_counter(session, clock)
    counter.deposit(50_000)
    branch = counter.teller.branch_id
    borrowed = (leg("bank", 900_000, account_code="1210"), leg("loan", -900_000, account_code="2630"))
    post(system, clock, draft("J-04", branch, *borrowed))
    sign_in(client, session, clock, make_user_everywhere(session, clock, "accountant"))
    page = client.get("/").text
    picture = page[page.index("savings at the end of each month") :].split("</section>")[0]
    assert "50,000" in picture
    assert "950,000" not in picture
