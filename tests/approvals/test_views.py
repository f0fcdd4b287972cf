"""The queue, my requests, one request and the policies, as a browser sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from sacco_app.access import queries as access
from sacco_app.approvals import queries, service
from sacco_app.approvals.jobs import end_what_waited_too_long
from sacco_app.approvals.types import ApprovalStatus
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from tests.approvals.conftest import PayOut
from tests.factories.access import actor_for, make_user, sign_in
from tests.factories.approvals import approve, second_person


@pytest.fixture
def ask(session, clock, happened, branch):
    """Somebody asks for a payment. Returns the request's id."""
    maker = actor_for(session, make_user(session, clock, "loan_officer", email="maker@umoja.example"))

    def make(amount=2_000_000, **more):
        with transaction(maker, clock) as inner:
            command = PayOut(Money(amount, UGX), branch)
            return service.submit(inner, maker, clock, "tests.pay", command, "School fees", **more)

    return make


@pytest.fixture
def checker(client, session, clock):
    return sign_in(client, session, clock, make_user(session, clock, "head_teller"))


def test_the_queue_shows_the_effect_and_how_many_agreed(checker, ask):
    ask(required=2)
    page = checker.get("/approvals").text
    for words in ("Pay out", "Pays: UGX 2,000,000", "2,000,000", "Loan Officer", "0 of 2", "Waiting for me (1)"):
        assert words in page


def test_an_open_queue_listens_for_what_comes(checker, ask):
    page = checker.get("/approvals").text
    listener = next(line for line in page.splitlines() if "nudge-approvals" in line and "#results" in line)
    assert 'hx-get=""' in listener
    assert "X-Background" in listener
    ask()
    part = checker.get("/approvals", headers={"HX-Request": "true"}).text
    assert 'id="queue-tabs"' in part
    assert "Waiting for me (1)" in part
    assert "<html" not in part
    facts = checker.get("/facts", headers={"HX-Request": "true"}).text
    count = facts.split('id="count-approvals-list_requests"')[1]
    assert count.startswith(' hx-swap-oob="true">1<')


def test_agreeing_counts_up_to_all_and_then_it_is_done(checker, ask, session, clock, happened):
    request_id = ask(required=2)
    assert checker.post(f"/approvals/{request_id}/decision", data={"decision": "approve"}).status_code == 303
    page = checker.get(f"/approvals/{request_id}").text
    assert "Agreed: 1 of 2" in page
    assert "Head Teller agreed" in page
    assert "Waits for 1 more person" in page
    assert "Your decision" not in page
    approve(session, clock, second_person(session, clock, "head_teller"))
    done = checker.get(f"/approvals/{request_id}").text
    assert "Carried out" in done
    assert "Agreed: 2 of 2" in done


def test_a_rejection_needs_a_reason_and_is_told(checker, ask):
    request_id = ask()
    refused = checker.post(f"/approvals/{request_id}/decision", data={"decision": "reject"})
    assert refused.status_code == 422
    assert 'href="#reason"' in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert refused.text.count("Say why you reject it") == 2
    data = {"decision": "reject", "reason": "No paper"}
    assert checker.post(f"/approvals/{request_id}/decision", data=data).status_code == 303
    assert "No paper" in checker.get(f"/approvals/{request_id}").text
    assert "Pay out" not in checker.get("/approvals").text
    assert "Pay out" in checker.get("/approvals/all?status=rejected").text


def test_the_maker_follows_and_takes_back(client, session, clock, ask):
    request_id = ask()
    user = queries.get_request(session, second_person(session, clock, "head_teller"), request_id).maker_id
    sign_in(client, session, clock, access.get_user(session, user))
    assert "Pay out" in client.get("/approvals/mine").text
    page = client.get(f"/approvals/{request_id}").text
    assert "Take it back" in page
    assert "Your decision" not in page
    assert client.post(f"/approvals/{request_id}/cancel").headers["Location"] == "/approvals/mine"
    assert "Cancelled" in client.get("/approvals/mine").text


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=pay", True), ("q=loan+officer", True), ("q=nobody", False), ("kind=tests.pay", True),
     ("kind=teller.withdraw", False), ("from=2026-11-23&to=2026-11-23", True), ("to=2026-11-22", False),
     ("status=executed", False), ("from=soon", True)],
)  # fmt: skip
def test_the_history_is_filtered_by_its_address(checker, ask, query, found):
    ask()
    page = checker.get(f"/approvals/all?{query}").text
    assert (">Pay out</a>" in page) is found


def test_the_record_is_linked_only_for_those_who_may_open_it(client, session, clock, ask):
    request_id = ask()
    session.execute(text("UPDATE approval_requests SET subject_url = '/users'"))
    sign_in(client, session, clock, make_user(session, clock, "head_teller"))
    assert 'href="/users"' not in client.get(f"/approvals/{request_id}").text
    session.execute(text("UPDATE approval_requests SET subject_url = '/members'"))
    assert 'href="/members">Look at the record' in client.get(f"/approvals/{request_id}").text


def test_what_waits_too_long_ends_by_the_job_each_for_itself(session, clock, system, ask, monkeypatch):
    first, second = ask(1_000), ask(2_000)
    clock.advance(timedelta(hours=24))
    real = service._end

    def stuck(inner, actor, now, request, status):
        if request.id == first:
            raise NotFound(what="account")
        real(inner, actor, now, request, status)

    monkeypatch.setattr(service, "_end", stuck)
    with transaction(system, clock) as inner:
        end_what_waited_too_long(inner, system, clock)
    session.expire_all()
    assert queries.status_of(session, first) is ApprovalStatus.PENDING
    assert queries.status_of(session, second) is ApprovalStatus.EXPIRED


def test_policies_change_by_two_people(client, session, clock):
    administrator = make_user(session, clock, "administrator")
    sign_in(client, session, clock, administrator)
    data = {"kind": "teller.withdraw", "maker_role": "", "branch_id": "", "min_amount": "500,000", "required": "1"}
    before = client.get("/approvals/policies").text
    assert "1,000,001" in before
    assert client.post("/approvals/policies", data=data).status_code == 303
    page = client.get("/approvals/policies").text
    assert "1,000,001" in page
    assert "waits for a second person" in page
    assert client.post("/approvals/policies", data=data).status_code == 409
    effects = str(session.execute(text("SELECT effects FROM approval_requests")).scalar_one())
    assert "UGX 1,000,001 → UGX 500,000" in effects
    approve(session, clock, second_person(session, clock, "branch_manager"))
    assert "500,000" in client.get("/approvals/policies").text
    policy = session.execute(text("SELECT id FROM approval_policies WHERE min_amount_minor = 500000")).scalar_one()
    assert client.post(f"/approvals/policies/{policy}/remove").status_code == 303
    assert "500,000" in client.get("/approvals/policies").text
    approve(session, clock, second_person(session, clock, "branch_manager"))
    assert session.execute(text("SELECT count(*) FROM approval_policies WHERE id = :i"), {"i": policy}).scalar() == 0


def test_one_entry_of_the_navigation_is_lit_and_approvals_come_first(client, session, clock):
    manager = sign_in(client, session, clock, make_user(session, clock, "branch_manager"))
    for path, words in (
        ("/approvals", "Approvals"),
        ("/approvals/mine", "Approvals"),
        ("/approvals/policies", "policies"),
    ):
        side = manager.get(path).text.split('<nav class="side"')[1].split("</nav>")[0]
        assert side.count('aria-current="page"') == 1
        assert words in side.split('aria-current="page"')[1].split("</a>")[0]
        assert side.index('href="/approvals"') < side.index("</ul>")
