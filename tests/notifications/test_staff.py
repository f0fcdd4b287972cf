"""What staff are told: links and new browsers by e-mail, approvals in the inbox, browsers that are woken."""

from __future__ import annotations

import dataclasses
import json
import re

import pytest
from sqlalchemy import func, select

from config import Messaging
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import transaction
from sacco_app.members import service as members
from sacco_app.members.types import RegisterMember
from sacco_app.notifications import ports, service
from sacco_app.notifications.models import InboxItem, MessageRow, PushSubscription
from sacco_app.notifications.types import Channel, Note, PushResult
from sacco_app.organisation.queries import list_branches
from sacco_app.webkit import jobs
from tests.factories.access import PASSWORD, actor_for, make_user, sign_in
from tests.factories.members import apply_for_membership, needed_papers, person
from tests.notifications.conftest import Scripted

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36"
KEY, AUTH = "B" * 87, "A" * 22


@pytest.fixture
def mail(app):
    usual = ports.gateway(Channel.EMAIL)
    scripted = Scripted()
    ports.bind_gateways({Channel.EMAIL: scripted})
    yield scripted.taken
    ports.bind_gateways({Channel.EMAIL: usual})


@pytest.fixture
def manager(session, clock):
    return make_user(session, clock, "branch_manager")


def items(session, user=None):
    session.expire_all()
    query = select(InboxItem).order_by(InboxItem.created_at, InboxItem.id)
    return list(session.scalars(query.where(InboxItem.user_id == user.id) if user else query))


def test_who_forgot_gets_a_link_that_works_and_is_nowhere_kept(client, session, app, clock, mail):
    user = make_user(session, clock, "teller")
    client.post("/forgot-password", data={"email": user.email})
    jobs.drain(app, clock)
    [letter] = mail
    assert (letter.to, letter.subject) == (user.email, "Set a new password")
    link = re.search(r"http://localhost(/set-password/\S+)", letter.text)[1]
    row = session.scalars(select(MessageRow)).one()
    assert link not in row.body
    assert row.sealed is None
    form = {"password": "seven brown otters", "again": "seven brown otters"}
    assert client.post(link, data=form).status_code == 303


def test_a_new_browser_is_told_by_mail_and_in_the_inbox(client, session, app, clock, mail):
    user = make_user(session, clock, "teller")
    for browser in ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", CHROME):
        form = {"email": user.email, "password": PASSWORD}
        client.post("/sign-in", data=form, headers={"User-Agent": browser})
    jobs.drain(app, clock)
    [letter] = mail
    assert "Chrome on Windows" in letter.text
    assert [one.title for one in items(session, user)] == ["A sign-in with Chrome on Windows"]


def test_who_may_decide_is_told_and_nobody_else(client, session, app, clock, manager):
    branch = list_branches(session)[0].id
    make_user(session, clock, "teller")
    apply_for_membership(clock, branch, surname="Apio", given_names="Ruth")
    jobs.drain(app, clock)
    [line] = items(session)
    assert (line.user_id, line.title) == (manager.id, "Admit Apio Ruth")
    browser = sign_in(client, session, clock, manager)
    assert browser.get("/inbox/unread", headers={"HX-Request": "true"}).text.count("bell-count") == 1
    assert "Admit Apio Ruth" in browser.get("/inbox").text
    answer = browser.get(f"/inbox/{line.id}")
    assert (answer.status_code, answer.headers["Location"]) == (303, line.url)
    assert browser.get(line.url).status_code == 200
    assert "bell-count" not in browser.get("/inbox/unread", headers={"HX-Request": "true"}).text
    assert browser.get("/inbox?show=unread").text.count("Nothing here") == 1


def test_a_decision_settles_the_lines_of_all_and_tells_the_maker(client, session, app, clock, manager):
    officer = make_user(session, clock, "loan_officer", email="officer@umoja.example")
    maker = actor_for(session, officer)
    with transaction(maker, clock) as inner:
        details = person(surname="Apio", given_names="Ruth")
        members.register_member(
            inner, maker, clock, RegisterMember(list_branches(session)[0].id, details, needed_papers())
        )
    other = make_user(session, clock, "branch_manager", email="other@umoja.example")
    jobs.drain(app, clock)
    assert {one.user_id for one in items(session)} == {manager.id, other.id}
    browser = sign_in(client, session, clock, manager)
    request = items(session, manager)[0].url
    assert browser.post(f"{request}/decision", data={"decision": "approve", "reason": ""}).status_code == 303
    jobs.drain(app, clock)
    assert all(one.read_at is not None for one in items(session) if one.user_id != officer.id)
    assert [one.title for one in items(session, officer)] == ["Approved and done: Admit Apio Ruth"]


def test_mail_about_approvals_comes_only_to_who_wants_it(client, session, app, clock, manager, mail):
    branch = list_branches(session)[0].id
    apply_for_membership(clock, branch)
    jobs.drain(app, clock)
    assert mail == []
    browser = sign_in(client, session, clock, manager)
    assert browser.post("/my/messages", data={"email_approvals": "y", "push_security": "y"}).status_code == 303
    apply_for_membership(clock, branch, surname="Apio", given_names="Ruth")
    jobs.drain(app, clock)
    [letter] = mail
    assert letter.subject == "Admission of a member: it waits for you"
    assert "http://localhost/approvals/" in letter.text
    assert "Apio" not in letter.text
    page = browser.get("/my/messages").text
    assert re.search(r'<input checked[^>]*id="email_approvals"', page)
    assert not re.search(r'<input checked[^>]*id="push_approvals"', page)


def test_an_inbox_is_nobody_elses(client, session, clock, system, manager):
    with transaction(system, clock) as inner:
        service.tell(inner, clock, Note(new_id(), (manager.id, manager.id), "work", "A run is ready", "/", "Ready"))
    [line] = items(session)
    browser = sign_in(client, session, clock, make_user(session, clock, "teller"))
    assert browser.get(f"/inbox/{line.id}").status_code == 404
    browser.post("/inbox/read")
    assert items(session)[0].read_at is None


class Push:
    """A push gateway that answers as it is told."""

    public_key = "BPublicKey"

    def __init__(self):
        self.result, self.sent = PushResult.SENT, []

    def push(self, target, payload, collapse):
        self.sent.append((target.endpoint, payload))
        return self.result


@pytest.fixture
def push(app, monkeypatch):
    config = dataclasses.replace(
        app.extensions["config"], messaging=Messaging(push_hosts=("push.example", ".p.example"))
    )
    monkeypatch.setitem(app.extensions, "config", config)
    gateway = Push()
    ports.bind_push(gateway)
    yield gateway
    ports.bind_push(None)


@pytest.fixture
def woken(client, session, clock, manager, push):
    """The manager's browser, which may be woken."""
    browser = sign_in(client, session, clock, manager)
    form = {"endpoint": "https://push.example/abc", "p256dh": KEY, "auth": AUTH}
    assert browser.post("/my/messages/browsers", data=form).status_code == 303
    return browser


def test_a_browser_is_woken_without_a_word_about_anybody(session, app, clock, push, woken):
    apply_for_membership(clock, list_branches(session)[0].id, surname="Apio", given_names="Ruth")
    jobs.drain(app, clock)
    [(endpoint, payload)] = push.sent
    assert endpoint == "https://push.example/abc"
    assert payload["body"] == "Something waits for your decision"
    assert payload["url"] == f"/inbox/{items(session)[0].id}"
    assert "Apio" not in json.dumps(payload)


def test_a_browser_that_is_gone_is_forgotten(session, app, clock, push, woken):
    push.result = PushResult.GONE
    apply_for_membership(clock, list_branches(session)[0].id)
    jobs.drain(app, clock)
    assert session.scalar(select(func.count()).select_from(PushSubscription)) == 0


def test_what_was_opened_in_the_meantime_wakes_nobody(session, app, clock, system, push, woken, manager):
    with transaction(system, clock) as inner:
        service.tell(inner, clock, Note(new_id(), (manager.id,), "work", "Ready", "/", "Ready", subject="run:1"))
        service.settle(inner, clock, "run:1")
    jobs.drain(app, clock)
    assert push.sent == []


def test_who_does_not_want_it_is_not_woken(session, app, clock, push, woken):
    woken.post("/my/messages", data={"csrf_token": "x"})
    apply_for_membership(clock, list_branches(session)[0].id)
    jobs.drain(app, clock)
    assert push.sent == []
    assert len(items(session)) == 1


@pytest.mark.parametrize(
    ("endpoint", "status"),
    [
        ("https://push.example/x", 303),
        ("https://eu.p.example/x", 303),
        ("https://evil.example/x", 422),
        ("http://push.example/x", 422),
        ("http://127.0.0.1:5432/", 422),
        ("https://push.example.evil.example/x", 422),
        ("https://push.example@evil.example/x", 422),
        ("", 422),
    ],
)
def test_we_call_only_push_services_that_we_know(woken, endpoint, status):
    form = {"endpoint": endpoint, "p256dh": KEY, "auth": AUTH}
    assert woken.post("/my/messages/browsers", data=form).status_code == status


def test_a_browser_is_removed_by_its_user_alone(client, session, clock, woken):
    row = session.scalars(select(PushSubscription)).one()
    woken.post("/sign-out")
    other = sign_in(client, session, clock, make_user(session, clock, "teller"))
    assert other.post(f"/my/messages/browsers/{row.id}/remove").status_code == 404
    assert session.scalar(select(func.count()).select_from(PushSubscription)) == 1


def test_the_service_worker_serves_the_whole_site(client):
    answer = client.get("/service-worker.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
