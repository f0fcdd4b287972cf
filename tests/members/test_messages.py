"""The tab on which a member says what the SACCO may tell, and sees what it told."""

from __future__ import annotations

import pytest

from sacco_app.kernel.uow import transaction
from sacco_app.notifications import queries, service
from sacco_app.organisation.queries import list_branches
from sacco_app.webkit import jobs
from tests.factories.access import make_user, sign_in
from tests.factories.members import make_member


@pytest.fixture
def member(session, clock):
    return make_member(session, clock, list_branches(session)[0].id)


@pytest.fixture
def teller(client, session, clock):
    return sign_in(client, session, clock, make_user(session, clock, "teller"))


def test_wishes_are_kept_and_obeyed(teller, session, app, clock, member):
    path = f"/members/{member.id}/messages"
    page = teller.get(path).text
    assert page.count("checked") >= 4
    assert teller.post(path, data={"sms_transaction": "y", "csrf_token": "x"}).status_code == 303
    said = queries.wishes(session, member_id=member.id)
    assert said == {("sms", "transaction"): True} | {("sms", t): False for t in ("balance", "service", "news")}
    jobs.drain(app, clock)
    assert "does not want" in teller.get(path).text, "the welcome is a service message"


def test_stop_is_shown_and_lifted(teller, session, clock, system, member):
    with transaction(system, clock) as inner:
        service.opt_out(inner, clock, "sms", member.phone, "STOP by SMS")
    path = f"/members/{member.id}/messages"
    assert "STOP by SMS" in teller.get(path).text
    assert teller.post(f"{path}/start").status_code == 303
    assert "STOP by SMS" not in teller.get(path).text


def test_an_auditor_reads_and_changes_nothing(client, session, clock, member):
    auditor = sign_in(client, session, clock, make_user(session, clock, "auditor"))
    path = f"/members/{member.id}/messages"
    assert auditor.get(path).status_code == 200
    assert auditor.post(path, data={}).status_code == 403
