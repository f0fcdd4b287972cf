"""The message log: who sees what, filters, sending again."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from sacco_app.kernel.audit import AuditEvent
from sacco_app.kernel.uow import run, transaction
from sacco_app.notifications.models import MessageRow
from sacco_app.organisation import service as organisation
from sacco_app.organisation.types import SaveBranch
from sacco_app.webkit import jobs
from tests.factories.access import make_user, sign_in


@pytest.fixture
def manager(client, session, clock):
    return sign_in(client, session, clock, make_user(session, clock, "branch_manager"))


@pytest.fixture
def unknown(session, clock, system, tell):
    message_id = tell()
    with transaction(system, clock) as inner:
        inner.execute(update(MessageRow).where(MessageRow.id == message_id).values(status="unknown", error="lost"))
    return message_id


def test_the_log_is_filtered_and_exported(manager, app, clock, tell):
    tell()
    tell("WELCOME", to="+256701000789")
    jobs.drain(app, clock)
    page = manager.get("/messages?q=0701+000+789")
    assert page.status_code == 200
    assert "+256701000789" in page.text
    assert "+256772000123" not in page.text
    assert "No message here" in manager.get("/messages?status=failed").text
    assert manager.get("/messages?format=csv").headers["Content-Disposition"].startswith("attachment")


def test_another_branch_sees_nothing(manager, clock, system, tell):
    command = SaveBranch("GUL", "Gulu", "", "")
    branch = run(system, clock, lambda s: organisation.save_branch(s, system, clock, command))
    message_id = tell(branch_id=branch)
    assert "+256772000123" not in manager.get("/messages").text
    assert manager.get(f"/messages/{message_id}").status_code == 404
    assert manager.post(f"/messages/{message_id}/send-again", data={"reason": "x"}).status_code == 404


def test_what_nobody_knows_is_counted_and_sent_again_with_a_reason(manager, session, app, clock, unknown, gateway):
    assert ">1<" in manager.get("/").text
    page = manager.get(f"/messages/{unknown}")
    assert "the reader gets it twice" in page.text
    assert manager.post(f"/messages/{unknown}/send-again", data={"reason": ""}).status_code == 422
    answer = manager.post(f"/messages/{unknown}/send-again", data={"reason": "The member did not get it"})
    assert answer.status_code == 303
    jobs.drain(app, clock)
    assert len(gateway.taken) == 1
    again = session.scalars(select(MessageRow).where(MessageRow.resend_of == unknown)).one()
    assert again.status == "accepted"
    trail = session.scalars(select(AuditEvent).where(AuditEvent.action == "messages.sent_again")).one()
    assert trail.reason == "The member did not get it"
    twice = manager.post(f"/messages/{unknown}/send-again", data={"reason": "again"})
    assert twice.status_code == 409


def test_what_arrived_is_not_sent_again(manager, app, clock, tell):
    message_id = tell()
    jobs.drain(app, clock)
    answer = manager.post(f"/messages/{message_id}/send-again", data={"reason": "again"})
    assert answer.status_code == 409
    assert "accepted is not sent again" in answer.text


def test_a_teller_has_no_log(client, session, clock):
    teller = sign_in(client, session, clock, make_user(session, clock, "teller"))
    assert teller.get("/messages").status_code == 403


def test_what_the_filtered_messages_cost_stands_below_them(manager, app, clock, tell):
    tell()
    tell("WELCOME", to="+256701000789")
    jobs.drain(app, clock)
    assert "UGX 70" in manager.get("/messages").text
    assert "UGX 70" not in manager.get("/messages?code=WELCOME").text


def test_costs_are_drawn_by_day_and_message(manager, app, clock, tell):
    assert "Nothing was paid for" in manager.get("/messages/costs").text
    tell()
    tell("WELCOME", to="+256701000789")
    jobs.drain(app, clock)
    page = manager.get("/messages/costs?days=14").text
    assert "UGX 70" in page
    assert page.count("<svg") >= 2
    assert "Admitted as a member" in page
