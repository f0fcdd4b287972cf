"""Callers above their budget wait, and hear how long."""

from __future__ import annotations

import pytest

from sacco_app.webkit import limits
from tests.api.test_me import number_of
from tests.api.test_problems import check


@pytest.fixture
def counted(app):
    """Limits are on for this test, and the counters are empty before and after."""
    limits.limiter.enabled = True
    limits.limiter.reset()
    yield
    limits.limiter.reset()
    limits.limiter.enabled = False


def test_guessing_at_the_door_ends_with_a_problem_and_the_time_to_wait(client, counted):
    body = {"phone": "+256700000009", "pin": "0471", "device_name": "x"}

    def knock(address="192.0.2.1"):
        return client.post("/api/v1/sign-in", json=body, environ_base={"REMOTE_ADDR": address})

    assert {knock().status_code for _ in range(60)} == {401}
    late = knock()
    check(late, 429, "api.too_many_requests")
    assert 1 <= int(late.headers["Retry-After"]) <= 61
    assert knock("192.0.2.2").status_code == 401


def test_a_member_cannot_walk_through_the_account_numbers(grace, peter, counted):
    codes = [
        grace.get("/me/receivers", query_string={"account_number": f"REG-9{n:05d}"}).status_code for n in range(21)
    ]
    assert codes == [404] * 20 + [429]
    grace.sign_in(name="Second phone")
    assert grace.get("/me/receivers", query_string={"account_number": "REG-900000"}).status_code == 429
    assert grace.get("/me").status_code == 200
    assert peter.get("/me/receivers", query_string={"account_number": number_of(grace, 0)}).status_code == 200


def test_a_device_has_one_budget_for_all_operations_and_others_have_theirs(grace, peter, make_partner, counted):
    partner = make_partner("ledger:read")
    codes = [grace.get("/me").status_code for _ in range(100)] + [
        grace.get("/me/accounts").status_code for _ in range(21)
    ]
    assert codes == [200] * 120 + [429]
    assert peter.get("/me").status_code == 200
    assert [partner.get("/ledger/accounts", limit=1).status_code for _ in range(130)] == [200] * 130
