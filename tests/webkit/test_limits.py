"""Limits are counted in the real Valkey, told with the house's page, and do not reach the database."""

from __future__ import annotations

import pytest
from redis import Redis

from sacco_app.webkit import limits
from tests.factories.access import make_user, sign_in


@pytest.fixture
def counted(app):
    """Limits are on for this test, and the counters are empty before and after."""
    limits.limiter.enabled = True
    limits.limiter.reset()
    yield limits.limiter
    limits.limiter.reset()
    limits.limiter.enabled = False


def guess(client, address="192.0.2.1"):
    form = {"email": "nobody@umoja.example", "password": "guess"}
    return client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address})


def test_guessing_at_the_door_ends_with_the_time_to_wait(client, counted):
    assert {guess(client).status_code for _ in range(30)} == {401}
    answer = guess(client)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert "Too many attempts" in answer.text
    assert "seconds, then try again" in answer.text
    assert guess(client, "192.0.2.2").status_code == 401
    assert client.get("/sign-in", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 200


def test_the_counters_are_in_valkey_for_all_processes(client, counted, config):
    guess(client)
    assert [key for key in Redis.from_url(config.redis_url).keys() if b"address:192.0.2.1" in key]  # noqa: SIM118


def test_asking_for_links_is_limited_too(client, counted):
    codes = [client.post("/forgot-password", data={"email": "a@umoja.example"}).status_code for _ in range(6)]
    assert codes == [303] * 5 + [429]


def test_the_public_check_page_cannot_be_walked_through(client, counted):
    codes = [client.get(f"/check/GUESS{number:07d}").status_code for number in range(31)]
    assert codes[-1] == 429
    assert 429 not in codes[:-1]


def test_each_browser_has_a_budget_of_its_own_for_the_site(client, session, clock, counted):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    stranger = client.application.test_client()
    codes = [stranger.get("/check/NOBODY").status_code for _ in range(31)]
    assert codes[-1] == 429
    assert [stranger.get("/sign-in").status_code for _ in range(600)][-1] == 429
    assert client.get("/my/sessions").status_code == 200


def test_the_health_check_is_never_limited(client, counted):
    assert {client.get("/healthz").status_code for _ in range(40)} == {200}


def test_htmx_gets_the_banner_with_the_same_wait(client, counted):
    for _ in range(30):
        guess(client)
    answer = client.post(
        "/sign-in", data={"email": "x"}, headers={"HX-Request": "true"}, environ_base={"REMOTE_ADDR": "192.0.2.1"}
    )
    assert (answer.status_code, "data-banner" in answer.text) == (429, True)
