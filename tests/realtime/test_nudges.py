"""Open pages hear that something changed: those whom it concerns, after the commit, and nothing but the name of it."""

from __future__ import annotations

import pytest

from sacco_app import realtime
from sacco_app.access.types import Identity
from sacco_app.kernel import nudges
from sacco_app.kernel.nudges import branch_room, nudge, user_room
from sacco_app.kernel.uow import transaction
from sacco_app.webkit import jobs, live
from tests.factories.access import actor_for, make_user, sign_in
from tests.factories.counter import make_counter


@pytest.fixture
def heard(monkeypatch):
    told = []
    monkeypatch.setattr(nudges, "_sender", {"it": told.extend})
    return told


def test_a_nudge_leaves_after_the_commit_and_once(session, system, clock, heard):
    with transaction(system, clock) as inner:
        nudge(inner, "branch:1", "till")
        nudge(inner, "branch:1", "till")
        assert heard == []
    assert heard == [("branch:1", "till")]


def test_what_is_rolled_back_nudges_nobody(session, system, clock, heard):
    def fail():
        with transaction(system, clock) as inner:
            nudge(inner, "branch:1", "till")
            raise ValueError

    with pytest.raises(ValueError):
        fail()
    assert heard == []


def test_a_deposit_nudges_its_branch_and_its_teller(app, session, clock, heard):
    counter = make_counter(session, clock)
    jobs.drain(app, clock)
    heard.clear()
    counter.deposit(50_000)
    assert heard == []
    jobs.drain(app, clock)
    branch = counter.teller.branch_id
    own = user_room(counter.teller.user_id)
    assert set(heard) == {(branch_room(branch), "transactions"), (own, "till"), (own, "documents")}


def test_an_approval_nudges_who_may_decide_and_who_asked(session, clock, heard):
    counter = make_counter(session, clock)
    counter.deposit(5_000_000)
    heard.clear()
    counter.withdraw(3_000_000)
    rooms = {room for room, name in heard if name == "approvals"}
    assert rooms == {branch_room(counter.teller.branch_id), user_room(counter.teller.user_id)}


def test_a_person_hears_the_own_room_and_the_branches_in_scope(app, session, clock):
    user = make_user(session, clock, "teller")
    actor = actor_for(session, user)
    identity = Identity(
        actor, user.id, user.email, clock.now(), clock.now(), must_enrol=False, must_change_password=False
    )
    assert set(realtime.rooms_of(identity)) == {"everywhere", user_room(user.id), branch_room(user.branch_id)}


@pytest.mark.parametrize(
    ("origin", "host", "let_in"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8001", True),
        ("https://sacco.example", "sacco.example", True),
        ("https://evil.example", "sacco.example", False),
        ("http://sacco.example.evil.example", "sacco.example", False),
        ("null", "sacco.example", False),
    ],
)
def test_only_pages_of_the_own_host_connect(origin, host, let_in):
    assert realtime.same_host(origin, {"HTTP_HOST": host}) is let_in


def test_nobody_waits_while_valkey_is_away(caplog):
    now = [100.0]
    send = live.sender("unix:///nonexistent/valkey.sock", now=lambda: now[0])
    for _ in range(3):
        send([("branch:1", "till")])
    assert len(caplog.records) == 1
    now[0] += live.PAUSE_SECONDS
    send([("branch:1", "till")])
    assert len(caplog.records) == 2


def test_pages_listen_only_when_signed_in(client, session, clock):
    assert "live.js" not in client.get("/sign-in").text
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    page = client.get("/")
    assert "live.js" in page.text
    facts = client.get("/facts", headers={"HX-Request": "true"})
    assert "<html" not in facts.text
    assert 'id="top-facts"' in facts.text
    board = client.get("/", headers={"HX-Request": "true"})
    assert board.text.strip().startswith('<div id="board"')
