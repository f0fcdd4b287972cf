"""A link to set a password opens an account: nobody gets one to the account of another alone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from config import Messaging
from sacco_app.access import service
from sacco_app.approvals.errors import CheckerBenefits, MakerIsChecker
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.uow import transaction
from sacco_app.webkit import jobs
from tests.factories import approvals
from tests.factories.access import actor_for, make_user, make_user_everywhere, sign_in

LINK = re.compile(r"/set-password/[\w-]{20,}")
NEW = {"password": "seven brown otters", "again": "seven brown otters"}


@pytest.fixture
def teller(session, clock):
    """Somebody without a second factor."""
    return make_user(session, clock, "teller")


@pytest.fixture
def boss(session, clock):
    return make_user_everywhere(session, clock, "administrator")


@pytest.fixture
def administrator(client, session, clock, boss):
    return sign_in(client, session, clock, boss)


def second(session, clock):
    return approvals.second_person(session, clock, "compliance_officer")


def test_an_administrator_alone_gets_no_link(administrator, teller, session, clock, boss):
    url = f"/users/{teller.id}"
    asked = administrator.post(f"{url}/reset-link", follow_redirects=True)
    assert "waits for a second person" in asked.text
    refused = administrator.post(f"{url}/reset-link/show")
    assert refused.status_code == 409
    assert "nobody has agreed to it" in refused.text
    assert not LINK.search(asked.text + refused.text + administrator.get(url).text)
    with pytest.raises(MakerIsChecker):
        approvals.approve(session, clock, actor_for(session, boss))
    with transaction(actor_for(session, boss), clock) as inner, pytest.raises(NotPermitted):
        service.issue_reset_link(inner, actor_for(session, boss), clock, teller.id)


def test_two_people_hand_out_a_link_that_is_shown_once_and_works_once(administrator, teller, session, clock, app):
    url = f"/users/{teller.id}"
    administrator.post(f"{url}/reset-link")
    approvals.approve(session, clock, second(session, clock))
    assert "Show the link" in administrator.get(url).text
    shown = administrator.post(f"{url}/reset-link/show")
    link = LINK.search(shown.text)[0]
    assert "Show the link" not in administrator.get(url).text
    assert administrator.post(f"{url}/reset-link/show").status_code == 409
    assert administrator.post(link, data=NEW).headers["Location"] == "/sign-in"
    assert administrator.post(link, data=NEW).status_code in (404, 409)
    jobs.drain(app, clock)
    notes = session.scalars(text("SELECT body FROM inbox_items WHERE user_id = :id"), {"id": teller.id}).all()
    assert any("was shown to Administrator" in body for body in notes)
    told = session.scalars(text("SELECT action FROM audit_events WHERE subject_id = :id"), {"id": str(teller.id)}).all()
    assert "users.reset_link_shown" in told


def test_the_link_is_for_who_asked_and_not_for_long(client, teller, session, clock, boss):
    asker = actor_for(session, make_user(session, clock, "administrator", all_branches=True))
    with transaction(asker, clock) as inner:
        service.ask_show_link(inner, asker, clock, teller.id)
    approvals.approve(session, clock, second(session, clock))
    other = sign_in(client, session, clock, boss)
    assert "Show the link" not in other.get(f"/users/{teller.id}").text
    assert other.post(f"/users/{teller.id}/reset-link/show").status_code == 409
    tokens = session.scalars(text("SELECT token_hash FROM password_resets")).all()
    assert len(tokens) == 1


def test_whose_password_it_is_does_not_agree_to_it(administrator, session, clock):
    manager = make_user_everywhere(session, clock, "branch_manager")
    administrator.post(f"/users/{manager.id}/reset-link")
    with pytest.raises(CheckerBenefits):
        approvals.approve(session, clock, actor_for(session, manager))


def test_with_a_mail_server_the_link_goes_to_the_user_and_is_never_shown(administrator, teller, session, app):
    config = app.extensions["config"]
    app.extensions["config"] = replace(config, messaging=Messaging(smtp_host="mail.umoja.example"))
    try:
        page = administrator.get(f"/users/{teller.id}")
        assert "Send a password link" in page.text
        sent = administrator.post(f"/users/{teller.id}/reset-link", follow_redirects=True)
    finally:
        app.extensions["config"] = config
    assert f"on its way to {teller.email}" in sent.text
    assert not LINK.search(sent.text)
    payload = session.execute(text("SELECT payload FROM outbox WHERE topic = 'access.reset_requested'")).scalar_one()
    assert payload["email"] == teller.email
    assert session.scalar(text("SELECT count(*) FROM approval_requests")) == 0


def test_the_address_that_links_go_to_changes_by_two_people(administrator, teller, session, clock):
    data = {"name": teller.name, "email": "mine@x.example", "roles": ["teller"], "branch_id": str(teller.branch_id)}
    assert administrator.post(f"/users/{teller.id}/edit", data=data).status_code == 303
    stored = "SELECT email FROM users WHERE id = :id"
    assert session.scalar(text(stored), {"id": teller.id}) == teller.email
    approvals.approve(session, clock, second(session, clock))
    assert session.scalar(text(stored), {"id": teller.id}) == "mine@x.example"
