"""The start page and the search, as each role sees them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.factories.access import make_user, sign_in

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
