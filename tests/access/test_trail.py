"""The audit trail is read by people: labels, money, dates and names instead of what stands in the tables."""

from __future__ import annotations

import pytest

from sacco_app.access.trail import Trail, heading
from sacco_app.kernel.money import UGX
from tests.factories.access import make_user_everywhere, sign_in

GRACE = "01a21110-e720-769a-85f9-c48921018b3d"
TRAIL = Trail({GRACE: "Grace Nakato"}, UGX)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("min_balance_minor", 10_000, "UGX 10,000"),
        ("amount", {"minor": 150_050, "currency": "KES"}, "KES 1,500.50"),
        ("opened_on", "2026-11-23", "23 Nov 2026"),
        ("placed_at", "2026-11-23T06:05:00+00:00", "23 Nov 2026 09:05"),
        ("placed_by", GRACE, "Grace Nakato"),
        ("is_active", False, "no"),
        ("status", "pending_approval", "pending approval"),
        ("password_hash", "(hidden)", "not shown"),
        ("permission", "savings:hold:place", "Place holds, ask that they end and agree to it"),
        ("effects", [["Amount", "UGX 5"], ["Member", "M-1"]], "Amount: UGX 5; Member: M-1"),
        ("command", {"reason": "School", "hold_id": GRACE}, "Reason: School; Hold: Grace Nakato"),
        ("narration", None, "–"),
        ("code", "2026-99-99", "2026-99-99"),
    ],
)
def test_values_are_told_as_people_say_them(key, value, words):
    assert TRAIL.value(key, value, {}) == words


def test_an_amount_takes_the_currency_that_stands_beside_it():
    assert TRAIL.value("fee_minor", 2_500, {"currency": "KES"}) == "KES 25.00"


def test_a_line_tells_what_changed_and_leaves_out_what_says_nothing():
    before = {"id": "x", "min_balance_minor": 5_000, "ends_on": "2026-11-23", "product_id": GRACE.replace("9", "0")}
    after = {"min_balance_minor": 10_000, "ends_on": None, "note": ""}
    told = "Min balance: UGX 5,000 → UGX 10,000; Ends on: 23 Nov 2026 → –"
    assert TRAIL.told(before, after) == told
    assert TRAIL.told(None, after) == "Min balance: UGX 10,000"
    assert TRAIL.told(before, None) == "Min balance: UGX 5,000; Ends on: 23 Nov 2026"


def test_the_page_that_came_of_it_is_a_link_and_no_address():
    before, after = {"status": "pending", "result_ref": None}, {"status": "executed", "result_ref": "/teller?posted=1"}
    assert TRAIL.told(before, after) == "Status: pending → executed"
    result = next(one for one in TRAIL.changes(before, after) if one.label == "Result")
    assert result.url == "/teller?posted=1"
    assert TRAIL.changes(None, {"result_ref": "//elsewhere.example"})[0].url == ""


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("approval_policies.created", "Approval policy created"),
        ("branches.changed", "Branch changed"),
        ("users.signed_in", "User signed in"),
        ("api_clients.changed", "API client changed"),
        ("access.client_revoked", "Client revoked"),
    ],
)
def test_an_action_is_a_sentence(action, words):
    assert heading(action) == words


def test_the_page_of_an_event_is_a_table_of_before_and_after(client, session, clock):
    sign_in(client, session, clock, make_user_everywhere(session, clock, "administrator"))
    page = client.get("/audit-trail?what=user created").text
    link = page.split('href="/audit-trail/')[1].split('"')[0]
    detail = client.get(f"/audit-trail/{link}").text
    assert '<th scope="row">Sees every branch</th>' in detail
    assert '<th scope="row">E-mail</th>' in detail
    assert "T06:00:00" not in detail
