"""What every answer tells the browser, and what it is told in production besides."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sacco_app.app import create_app

POLICY = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self)",
}


@pytest.fixture
def office(config, session, the_clock):
    """The program as production starts it, behind one reverse proxy that speaks HTTPS."""
    settings = dataclasses.replace(
        config,
        environment="production",
        public_url="https://office.umoja.example",
        trusted_hosts=("office.umoja.example",),
        trusted_proxies=1,
        upload_dir=Path("/nowhere"),
    )
    app = create_app(settings, the_clock)
    browser = app.test_client()
    browser.environ_base.update({"HTTP_X_FORWARDED_PROTO": "https", "HTTP_HOST": "office.umoja.example"})
    with app.app_context():
        yield browser


@pytest.mark.parametrize("url", ["/sign-in", "/nothing-here", "/static/css/app.css", "/healthz"])
def test_every_answer_carries_the_policy(client, url):
    headers = client.get(url).headers
    for name, value in POLICY.items():
        assert headers[name].startswith(value), name
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_pages_are_kept_by_nobody(client):
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"


def test_production_binds_cookie_and_browser_to_https(office):
    answer = office.get("/sign-in")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "upgrade-insecure-requests" in answer.headers["Content-Security-Policy"]
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-sacco=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_production_answers_under_its_own_name_alone(office):
    assert office.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
    assert office.get("/healthz", headers={"Host": "127.0.0.1:8000"}).status_code == 200


def test_a_form_from_another_site_is_refused_over_https(office):
    office.get("/sign-in")
    answer = office.post("/sign-in", headers={"Referer": "https://evil.example/"}, data={"email": "a@b.example"})
    assert answer.status_code == 400
