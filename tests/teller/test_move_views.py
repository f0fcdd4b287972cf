"""The pages on which cash goes between vault and tills, as a browser without JavaScript sees them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from sacco_app.approvals import service as approvals
from sacco_app.kernel.uow import transaction
from sacco_app.teller import queries
from tests.factories.access import make_user, sign_in
from tests.factories.counter import make_counter, open_till

HTMX = {"HX-Request": "true"}


@pytest.fixture
def counter(session, clock):
    return make_counter(session, clock)


@pytest.fixture
def teller(client, session, clock, counter):
    return sign_in(client, session, clock, counter.teller_user)


@pytest.fixture
def custodian(app, session, clock, counter):
    """Another head teller in a browser of their own."""
    user = make_user(session, clock, "head_teller", email="second.head@umoja.example")
    return sign_in(app.test_client(), session, clock, user)


def pieces(**counts):
    return {**counts, "submission_id": str(uuid4())}


def offered(session, counter):
    session.expire_all()
    return queries.open_moves_of(session, counter.till_session_id)


def test_too_much_cash_goes_to_the_vault_over_two_pages(teller, custodian, session, counter):
    assert "Cash to the vault" in teller.get("/teller/till").text
    empty = teller.post("/teller/till/return", data=pieces())
    assert empty.status_code == 422
    assert "Count the cash" in empty.text
    too_much = teller.post("/teller/till/return", data=pieces(pieces_50000="61"))
    assert too_much.status_code == 409
    assert 'value="61"' in too_much.text
    assert teller.post("/teller/till/return", data=pieces(pieces_50000="20")).status_code == 303
    (move,) = offered(session, counter)
    assert "1,000,000" in teller.get("/teller/till").text
    assert teller.post(f"/teller/cash/{move.id}/take").status_code == 409
    assert "Count and take" in custodian.get("/teller/vault").text
    assert "1,000,000" in custodian.get(f"/teller/cash/{move.id}").text
    assert custodian.post(f"/teller/cash/{move.id}/take").status_code == 303
    assert offered(session, counter) == []
    again = custodian.post(f"/teller/cash/{move.id}/take")
    assert again.status_code == 303
    assert "48,000,000" in custodian.get("/teller/vault").text


def test_a_top_up_is_refused_with_words(teller, custodian, session, counter):
    data = pieces(to_session_id=str(counter.till_session_id), pieces_50000="10")
    assert "T1, Teller" in custodian.get("/teller/vault/top-up").text
    assert custodian.post("/teller/vault/top-up", data=data).status_code == 303
    (move,) = offered(session, counter)
    assert "not yet taken" in teller.get("/teller").text
    silent = teller.post(f"/teller/cash/{move.id}/refuse", data={"remark": ""})
    assert silent.status_code == 422
    assert teller.post(f"/teller/cash/{move.id}/refuse", data={"remark": "one note is torn"}).status_code == 303
    assert "one note is torn" in custodian.get(f"/teller/cash/{move.id}").text
    late = teller.post(f"/teller/cash/{move.id}/take")
    assert late.status_code == 409
    assert "refused already" in late.text


def test_cash_goes_to_another_till_and_may_be_withdrawn(teller, session, counter):
    assert "No other till" in teller.get("/teller/till/give").text
    _, other = open_till(counter, "2")
    data = pieces(to_session_id=str(other), pieces_50000="10")
    assert teller.post("/teller/till/give", data=data).status_code == 303
    (move,) = offered(session, counter)
    assert teller.post(f"/teller/cash/{move.id}/withdraw").status_code == 303
    assert offered(session, counter) == []


def test_who_has_no_part_in_it_sees_nothing_of_it(teller, app, session, clock, counter):
    data = pieces(pieces_50000="20")
    teller.post("/teller/till/return", data=data)
    (move,) = offered(session, counter)
    stranger = make_user(session, clock, "teller", email="stranger@umoja.example")
    browser = sign_in(app.test_client(), session, clock, stranger)
    assert browser.get(f"/teller/cash/{move.id}").status_code == 404
    assert browser.post(f"/teller/cash/{move.id}/take").status_code == 403
    assert len(offered(session, counter)) == 1


def test_a_break_locks_the_counter_until_the_teller_goes_on(teller, counter):
    assert teller.post("/teller/till/suspend").status_code == 303
    assert "on a break" in teller.get("/teller").text
    data = {"account_id": str(counter.account_id), "amount": "1000", "submission_id": str(uuid4())}
    refused = teller.post("/teller/deposit", data=data)
    assert counter.balance() == 0
    assert "on a break" in refused.text
    assert "Go on" in teller.get("/teller/till").text
    assert teller.post("/teller/till/resume").status_code == 303
    assert "Your till" in teller.get("/teller").text
    assert teller.post("/teller/till/resume").status_code == 409


def test_a_till_above_its_limit_says_so_where_cash_is_taken(teller, counter):
    counter.deposit(17_500_000)
    answer = teller.get("/teller")
    assert "UGX 500,000 above the till" in answer.text
    assert "return cash to the vault" in answer.text
    data = {"account_id": str(counter.account_id), "amount": "4500001", "submission_id": str(uuid4())}
    refused = teller.post("/teller/deposit", data=data, headers=HTMX)
    assert refused.status_code == 409
    assert "return cash to the vault first" in refused.text


def test_paying_what_was_approved_is_one_answer(teller, session, clock, counter):
    counter.deposit(2_000_000)
    waiting = counter.withdraw(1_500_000)
    path = f"/teller/pay/{waiting.request_id}"
    early = teller.post(path, headers=HTMX)
    assert early.status_code == 409
    assert "pending already" in early.text
    with transaction(counter.head_teller, clock) as inner:
        approvals.approve(inner, counter.head_teller, clock, waiting.request_id)
    paid = teller.post(path, headers=HTMX)
    assert paid.status_code == 200
    assert "HX-Redirect" not in paid.headers
    assert "<html" not in paid.text
    assert "posted: UGX 1,500,000" in paid.text
    assert 'id="till-side" hx-swap-oob="true"' in paid.text
    assert counter.balance() == 498_000
