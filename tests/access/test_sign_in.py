"""The door: who gets in, how often one may guess, how long it stays open."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from sacco_app.access import queries, rules
from tests.factories import approvals
from tests.factories.access import PASSWORD, enrol, make_user, sign_in


def test_a_teller_signs_in_and_out(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    assert client.get("/my/sessions").status_code == 200
    assert client.post("/sign-out").status_code == 303
    assert client.get("/my/sessions").headers["Location"].startswith("/sign-in")


def test_an_approver_must_enrol_a_second_factor_before_anything_else(client, session, clock):
    user = make_user(session, clock, "branch_manager")
    client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert client.get("/users").headers["Location"] == "/my/second-factor"
    assert client.get("/my/second-factor").status_code == 200


def test_a_code_opens_the_door_once(client, session, clock):
    user = make_user(session, clock, "branch_manager")
    secret = enrol(session, clock, user)
    code = pyotp.TOTP(secret).at(clock.now())
    for expected in (303, 401):
        client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
        assert client.post("/sign-in/code", data={"code": code}).status_code == expected


def test_five_wrong_guesses_shut_the_door_for_a_growing_time(client, session, clock):
    user = make_user(session, clock, "teller")
    for _ in range(5):
        assert client.post("/sign-in", data={"email": user.email, "password": "wrong"}).status_code == 401
    right = {"email": user.email, "password": PASSWORD}
    assert "Too many attempts" in client.post("/sign-in", data=right).text
    clock.advance(timedelta(minutes=1, seconds=1))
    assert client.post("/sign-in", data=right).status_code == 303
    assert [rules.lock_duration(n) for n in (4, 5, 6)] == [timedelta(0), timedelta(minutes=1), timedelta(minutes=2)]
    assert rules.lock_duration(20) == timedelta(minutes=60)


def test_the_audit_trail_knows_who_signed_in(client, session, clock):
    user = make_user(session, clock, "branch_manager")
    sign_in(client, session, clock, user)
    row = session.execute(text("SELECT actor_id, actor_name FROM audit_events WHERE action = 'users.signed_in'")).one()
    assert tuple(row) == (user.id, user.name)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36",
            "Chrome 131 on Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0",
            "Edge 131 on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            "Chrome 130 on Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile/15E148 Safari/604.1", "Safari 17 on iPhone"),
        ("curl/8", "curl/8"),
        ("", ""),
    ],
)
def test_a_device_is_named_for_people(user_agent, words):
    assert rules.device_name(user_agent) == words


def test_an_old_session_ends_even_in_use(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    for _ in range(60):
        clock.advance(timedelta(minutes=10))
        assert client.get("/my/sessions").status_code == 200
    clock.advance(timedelta(minutes=1))
    assert client.get("/my/sessions").headers["Location"].startswith("/sign-in")


def test_an_idle_session_ends(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    clock.advance(timedelta(minutes=16))
    assert client.get("/my/sessions").headers["Location"].startswith("/sign-in")


def test_a_revoked_session_ends_at_once(client, session, clock, app):
    user = make_user(session, clock, "teller")
    sign_in(client, session, clock, user)
    other = app.test_client()
    other.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    page = client.get("/my/sessions").text
    assert page.count("/end") == 1
    url = page.split('action="/my/sessions/')[1].split('"')[0]
    client.post(f"/my/sessions/{url}")
    assert other.get("/my/sessions").status_code == 303


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_door_does_not_send_people_elsewhere(client, session, clock, target):
    user = make_user(session, clock, "teller")
    answer = client.post("/sign-in", query_string={"next": target}, data={"email": user.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaa", "teller teller", "password12"])
def test_weak_passwords_are_refused(password):
    assert rules.password_weakness(password, "teller@umoja.example", "Teller One")


def test_a_teller_may_not_see_the_users(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    assert client.get("/users").status_code == 403


def test_the_administrator_creates_a_user_who_sets_a_password_by_link(client, session, clock, app):
    sign_in(client, session, clock, make_user(session, clock, "administrator"))
    page = client.get("/users/new").text
    branch = page.split('name="branch_id"')[1].split('value="')[1].split('"')[0]
    bad = client.post("/users/new", data={"name": "", "email": "x", "branch_id": branch})
    assert bad.status_code == 422
    made = client.post(
        "/users/new", data={"name": "Ruth Apio", "email": "ruth@umoja.example", "roles": "teller", "branch_id": branch}
    )
    assert made.status_code == 303
    approvals.approve(session, clock, approvals.second_person(session, clock, "compliance_officer"))
    ruth = queries.find_by_email(session, "ruth@umoja.example")
    assert client.post(f"/users/{ruth.id}/reset-link").status_code == 303
    approvals.approve(session, clock, approvals.second_person(session, clock, "compliance_officer"))
    shown = client.post(f"/users/{ruth.id}/reset-link/show").text
    link = next(word for word in shown.replace("<", " <").split() if "/set-password/" in word).rpartition(">")[2]
    path = "/set-password/" + link.rsplit("/", 1)[1]
    visitor = app.test_client()
    assert visitor.post(path, data={"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert visitor.post(path, data={"password": PASSWORD, "again": PASSWORD}).status_code in (404, 409)
    assert visitor.post("/sign-in", data={"email": "ruth@umoja.example", "password": PASSWORD}).status_code == 303
    assert "Ruth Apio" in client.get("/users").text
    assert client.get("/audit-trail").status_code == 200
    assert client.get("/roles").status_code == 200
