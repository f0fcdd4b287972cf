"""What staff are told: a link for whoever forgot, a notice of a browser that is new. No token lies in the outbox."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from sacco_app.access import queries
from sacco_app.cli import sacco_commands
from tests.factories.access import PASSWORD, make_user

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36"
NEWER_CHROME = CHROME.replace("131", "132")


def events(session, topic):
    query = text("SELECT payload FROM outbox WHERE topic = :topic ORDER BY id")
    return session.execute(query, {"topic": topic}).scalars().all()


def test_who_forgot_and_who_is_unknown_get_the_same_answer(client, session, clock):
    user = make_user(session, clock, "teller")
    answers = [client.post("/forgot-password", data={"email": e}) for e in (f" {user.email.upper()}", "no@x.example")]
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [(303, "/sign-in")] * 2
    (told,) = events(session, "access.reset_requested")
    assert (told["user_id"], told["email"]) == (str(user.id), user.email)
    assert set(told) == {"user_id", "email", "ip", "at"}
    assert client.post("/forgot-password", data={}).status_code == 422


def test_a_browser_that_is_new_is_told_once(client, session, clock):
    user = make_user(session, clock, "teller")
    for browser in (FIREFOX, FIREFOX, CHROME, CHROME):
        form = {"email": user.email, "password": PASSWORD}
        assert client.post("/sign-in", data=form, headers={"User-Agent": browser}).status_code == 303
    assert [told["device"] for told in events(session, "access.new_device")] == ["Chrome on Windows"]


def test_an_updated_browser_is_no_news(client, session, clock):
    user = make_user(session, clock, "teller")
    for browser in (CHROME, NEWER_CHROME):
        client.post("/sign-in", data={"email": user.email, "password": PASSWORD}, headers={"User-Agent": browser})
    assert events(session, "access.new_device") == []


@pytest.fixture
def runner(app, session):
    return app.test_cli_runner()


def test_the_set_up_makes_the_first_two_people(runner, session, client):
    arguments = ["setup", "--administrator", "peter.kigozi@new.example", "--manager", "ann@new.example"]
    done = runner.invoke(sacco_commands, arguments)
    assert done.exit_code == 0, done.output
    link = next(word for word in done.output.split() if "/set-password/" in word)
    form = {"password": "seven brown otters", "again": "seven brown otters"}
    assert client.post(link.removeprefix("http://localhost"), data=form).status_code == 303
    found = queries.find_by_email(session, "peter.kigozi@new.example")
    assert (found.name, found.roles) == ("Peter Kigozi", ("administrator",))
    assert queries.find_by_email(session, "ann@new.example").roles == ("branch_manager",)
