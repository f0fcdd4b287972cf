"""The log tells what happened to whom by number, and nothing that identifies a person or opens a door."""

from __future__ import annotations

import io
import json
import logging

import pytest
from sqlalchemy import text

from sacco_app.kernel.db import db
from sacco_app.webkit import logs
from sacco_app.webkit.auth import public
from tests.factories.access import PASSWORD, make_user, sign_in

PERSON = {
    "name": "Ssekandi-Nabwire Nakimuli",
    "phone": "0772 345 678",
    "nin": "CM84029101ABCD",
    "email": "nakimuli@umoja.example",
    "password": PASSWORD,
}


@pytest.fixture
def log():
    """What production would write, line by line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.Lines(as_json=True))
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(before)


def raw(lines) -> str:
    return json.dumps(lines, ensure_ascii=False)


def test_a_request_is_one_line_with_its_number_route_and_user(client, session, clock, log):
    user = make_user(session, clock, "teller")
    sign_in(client, session, clock, user)
    answer = client.get("/search?q=Nakimuli+0772345678")
    (line,) = [line for line in log() if line.get("message") == "GET /search"]
    assert line["request"] == answer.headers["X-Request-Id"]
    assert (line["status"], line["user"], line["level"]) == (200, str(user.id), "info")
    assert isinstance(line["ms"], int)


def test_signing_in_searching_and_registering_leave_no_trace_of_the_person(client, session, clock, log):
    user = make_user(session, clock, "teller", email=PERSON["email"])
    sign_in(client, session, clock, user)
    client.post("/sign-in", data={"email": PERSON["email"], "password": "wrong password 8"})
    client.get(f"/search?q={PERSON['nin']}")
    client.post("/members/new", data=PERSON)
    client.get(f"/set-password/{'t0ken' * 9}")
    written = raw(log())
    for piece in (*PERSON.values(), "Nakimuli", "772", "wrong password", "t0ken", "192.0.2", "127.0.0.1"):
        assert piece not in written


def fail_with(app, monkeypatch, error):
    """Let the health page fail as a bug would."""

    @public
    def broken():
        error()

    monkeypatch.setitem(app.view_functions, "healthz", broken)


def raise_value():
    raise ValueError(f"cannot read '{PERSON['name']}' of {PERSON['phone']}, {PERSON['email']}, {PERSON['nin']}")


def raise_from_the_database():
    known = "INSERT INTO users (id, email) SELECT id, :email FROM users LIMIT 1"
    db.session.execute(text(known), {"email": PERSON["email"]})


@pytest.mark.parametrize("error", [raise_value, raise_from_the_database])
def test_an_unexpected_error_shows_its_number_and_the_log_says_where_but_not_who(app, client, monkeypatch, log, error):
    fail_with(app, monkeypatch, error)
    answer = client.get("/healthz")
    assert answer.status_code == 500
    number = answer.headers["X-Request-Id"]
    assert f"<b>{number[-12:]}</b>" in answer.text
    (line,) = [line for line in log() if "error" in line]
    assert line["request"] == number
    assert any(error.__name__ in frame for frame in line["error"])
    for piece in (*PERSON.values(), "Nakimuli", "345 678"):
        assert piece not in raw(log())


def test_an_error_for_htmx_is_a_banner_with_the_number(app, client, monkeypatch):
    fail_with(app, monkeypatch, raise_value)
    answer = client.get("/healthz", headers={"HX-Request": "true"})
    assert answer.headers["X-Request-Id"][-12:] in answer.text
    assert "<html" not in answer.text


def test_a_refusal_shows_its_number_too(client):
    answer = client.get("/no-such-page")
    assert answer.headers["X-Request-Id"][-12:] in answer.text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "delivery 0199a1b2-0000-7000-8000-0123456789ab failed",
            "delivery 0199a1b2-0000-7000-8000-0123456789ab failed",
        ),
        ("to +256 772 345678 now", "to … now"),
        ("nakimuli@umoja.example is busy", "… is busy"),
        ("id CM84029101ABCD", "id …"),
        ("password=hunter2 given", "… given"),
        ("key 3f8a9c0d3f8a9c0d3f8a9c0d3f8a9c0d3f8a9c0d", "key …"),
        ("savings.account_closed after 3 of 12", "savings.account_closed after 3 of 12"),
    ],
)
def test_what_is_hidden_and_what_stays(text, left):
    assert logs.redact(text) == left


def test_a_number_given_by_a_stranger_is_not_taken(client):
    given = "0192f0c1-7a34-7c1e-9d2b-3f5a8e6b4c10"
    assert client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"] != given


def test_lines_of_a_job_carry_what_is_bound(log):
    with logs.bound(delivery="d-1"):
        logging.getLogger("sacco.jobs").warning("put off")
    logging.getLogger("sacco.jobs").warning("later")
    first, second = log()
    assert first["delivery"] == "d-1"
    assert "delivery" not in second
