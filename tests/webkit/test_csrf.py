"""Forms of strangers are refused; the token looks different on every page; a change of the key loses nobody's form."""

from __future__ import annotations

import dataclasses
import re

import pytest

from sacco_app.app import create_app
from sacco_app.webkit.csrf import unmask

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
FORM = {"email": "nobody@umoja.example", "password": "four quiet herons"}


@pytest.fixture
def guarded(app, client):
    app.config["WTF_CSRF_ENABLED"] = True
    yield client
    app.config["WTF_CSRF_ENABLED"] = False


def token_of(client) -> str:
    return TOKEN.search(client.get("/sign-in").text)[1]


def test_the_token_never_looks_the_same_and_always_works(guarded):
    tokens = [token_of(guarded) for _ in range(3)]
    assert len({token[:40] for token in tokens}) == 3
    assert len({unmask(token).split(".")[0] for token in tokens}) == 1
    for token in tokens:
        assert guarded.post("/sign-in", data={**FORM, "csrf_token": token}).status_code == 401


def test_one_page_shows_one_token_in_form_and_header(guarded):
    page = guarded.get("/sign-in").text
    assert f'"X-CSRFToken": "{TOKEN.search(page)[1]}"' in page
    headers = {"X-CSRFToken": TOKEN.search(page)[1]}
    assert guarded.post("/sign-in", data=FORM, headers=headers).status_code == 401


@pytest.mark.parametrize("token", [None, "", "!", "AAAA", "é", "x" * 5000])
def test_without_it_nothing_is_done(guarded, token):
    token_of(guarded)
    answer = guarded.post("/sign-in", data=FORM if token is None else {**FORM, "csrf_token": token})
    assert answer.status_code == 400
    assert "came from elsewhere" in answer.text


def test_what_the_session_holds_is_no_token_of_a_page(guarded):
    masked = token_of(guarded)
    assert guarded.post("/sign-in", data={**FORM, "csrf_token": unmask(masked)}).status_code == 400


def test_the_token_of_another_session_is_refused(guarded, app):
    foreign = token_of(app.test_client())
    token_of(guarded)
    assert guarded.post("/sign-in", data={**FORM, "csrf_token": foreign}).status_code == 400


def test_a_new_key_signs_nobody_out_and_takes_pages_that_are_open(config, guarded, the_clock):
    token = token_of(guarded)
    cookie = guarded.get_cookie("sacco").value
    renewed = dataclasses.replace(config, secret_key="n3w" * 20, secret_key_fallbacks=(config.secret_key,))
    forgotten = dataclasses.replace(config, secret_key="n3w" * 20)
    for settings, status in ((renewed, 401), (forgotten, 400)):
        other = create_app(settings, the_clock)
        browser = other.test_client()
        browser.set_cookie("sacco", cookie)
        with other.app_context():
            assert browser.post("/sign-in", data={**FORM, "csrf_token": token}).status_code == status
