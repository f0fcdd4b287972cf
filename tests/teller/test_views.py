"""The pages of the counter, as a browser without JavaScript sees them."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from uuid import uuid4

import pytest

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.uow import transaction
from sacco_app.organisation.queries import list_branches
from sacco_app.savings import queries as savings
from sacco_app.teller import queries
from tests.factories.access import actor_for, link_member, make_user, sign_in
from tests.factories.counter import make_counter
from tests.factories.members import make_member
from tests.factories.tariff import set_fee


@pytest.fixture
def counter(session, clock):
    return make_counter(session, clock)


@pytest.fixture
def teller(client, session, clock, counter):
    return sign_in(client, session, clock, counter.teller_user)


def form_of(counter, amount, **more):
    return {"account_id": str(counter.account_id), "amount": amount, "submission_id": str(uuid4()), **more}


def live(session, counter):
    session.expire_all()
    return queries.live_session_of(session, counter.teller.user_id)


def test_one_hit_leads_straight_to_the_account(teller, counter):
    page = teller.get("/teller?q=okello&do=withdraw")
    assert page.status_code == 200
    assert 'action="/teller/withdraw"' in page.text
    assert "Minimum balance" in page.text
    assert 'data-key="F2"' in page.text
    assert "Nobody found" in teller.get("/teller?q=zzzz").text


def test_the_look_up_says_that_more_members_fit(teller, session, clock, counter):
    for number in range(8):
        make_member(
            session, clock, counter.teller.branch_id, surname="Okello", given_names=f"Fitting {chr(65 + number)}"
        )
    few, many = teller.get("/teller?q=fitting").text, teller.get("/teller?q=okello").text
    assert "type more of the name" not in few
    assert "type more of the name" in many
    assert len(re.findall(r"M-\d{6}", many)) == 8


def test_a_deposit_is_posted_and_shows_its_receipt(teller, counter):
    answer = teller.post("/teller/deposit", data=form_of(counter, "50,000"))
    assert answer.status_code == 303
    page = teller.get(answer.location)
    assert "Fifty thousand Uganda shillings only" in page.text
    assert counter.balance() == 50_000


def test_a_double_click_posts_once(teller, counter):
    data = form_of(counter, "50000")
    first, second = (teller.post("/teller/deposit", data=data).location for _ in range(2))
    assert first == second
    assert counter.balance() == 50_000


@pytest.mark.parametrize("amount", ["", "abc", "-5", "0", "1e9", "9" * 30, "50.55"])
@pytest.mark.parametrize("path", ["/teller/deposit", "/teller/withdraw"])
def test_a_bad_amount_is_answered_in_words_and_kept(teller, counter, path, amount):
    answer = teller.post(path, data=form_of(counter, amount, narration="My note"))
    assert answer.status_code == 422
    assert "data-summary" in answer.text
    assert "My note" in answer.text
    assert f'value="{amount}"' in answer.text
    assert counter.balance() == 0


@pytest.mark.parametrize("amount", ["50000", "60000"])
def test_a_posting_by_htmx_is_one_small_answer_ready_for_the_next_member(teller, counter, amount):
    answer = teller.post("/teller/deposit", data=form_of(counter, amount), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "HX-Redirect" not in answer.headers
    assert "posted=" in answer.headers["HX-Push-Url"]
    assert "<html" not in answer.text
    assert len(gzip.compress(answer.data)) < 15_000
    assert f"posted: UGX {int(amount):,}" in answer.text
    for part in (
        'id="counter"',
        'id="till-side" hx-swap-oob="true"',
        'id="top-facts" class="facts-live" hx-swap-oob="true"',
    ):
        assert answer.text.count(part) == 1
    assert f"{3_000_000 + int(amount):,}" in answer.text
    assert counter.balance() == int(amount)
    assert "posted: UGX" in teller.get(answer.headers["HX-Push-Url"]).text


def test_a_withdrawal_that_waits_is_one_answer_too(teller, counter):
    counter.deposit(2_000_000)
    answer = teller.post("/teller/withdraw", data=form_of(counter, "1500000"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Above your limit" in answer.text
    assert "Waiting for approval" in answer.text


def test_more_than_available_is_refused_at_the_amount(teller, counter):
    counter.deposit(50_000)
    answer = teller.post("/teller/withdraw", data=form_of(counter, "49000"))
    assert answer.status_code == 409
    assert 'href="#amount"' in answer.text
    assert counter.balance() == 50_000


def test_the_fee_is_shown_before_posting(teller, counter):
    counter.deposit(50_000)
    answer = teller.post("/teller/withdraw", data=form_of(counter, "20000", preview="yes"))
    assert answer.status_code == 200
    assert "UGX 21,000" in answer.text
    assert counter.balance() == 50_000
    fragment = teller.get(
        "/teller/fee", query_string={"account_id": counter.account_id, "amount": "20,000", "do": "withdraw"}
    )
    assert "UGX 21,000" in fragment.text
    assert "UGX" not in teller.get("/teller/fee?amount=x").text


@pytest.mark.parametrize("mode", ["deposit", "withdraw"])
@pytest.mark.parametrize("amount", ["20000", "2500000"])
def test_the_own_account_is_for_a_colleague_at_once_and_before_and_after_posting(
    teller, counter, session, mode, amount
):
    counter.deposit(3_000_000)
    link_member(session, counter.teller_user, savings.owner_of(session, counter.account_id))
    page = teller.get(f"/teller?do={mode}&account={counter.account_id}")
    assert "a colleague must do this" in page.text
    assert f'action="/teller/{mode}"' not in page.text
    query = {"account_id": counter.account_id, "amount": amount, "do": mode}
    assert teller.get("/teller/fee", query_string=query).text.strip() == ""
    for more in ({"preview": "yes"}, {}):
        answer = teller.post(
            f"/teller/{mode}", data=form_of(counter, amount, narration="My note", source="salary", **more)
        )
        assert answer.status_code == 409
        assert "a colleague must do this" in answer.text
        assert "It needs a second person" not in answer.text
        assert "My note" in answer.text
        assert f'value="{amount}"' in answer.text
    assert counter.balance() == 3_000_000


def test_a_deposit_tells_its_fee_when_there_is_one(teller, counter, clock):
    page = f"/teller?do=deposit&account={counter.account_id}"
    assert "No fee." in teller.get(page).text
    set_fee(clock, "deposit", 500)
    assert "No fee." not in teller.get(page).text
    query = {"account_id": counter.account_id, "amount": "20,000", "do": "deposit"}
    assert "UGX 500" in teller.get("/teller/fee", query_string=query).text


def test_an_unknown_account_is_not_found(teller, counter):
    for account_id in (str(uuid4()), "nonsense", ""):
        data = form_of(counter, "1000") | {"account_id": account_id}
        assert teller.post("/teller/deposit", data=data).status_code == 404
    assert teller.get(f"/teller?account={uuid4()}").status_code == 404


def test_above_the_limit_it_waits_and_is_paid_once_approved(teller, session, clock, counter):
    counter.deposit(2_000_000)
    answer = teller.post("/teller/withdraw", data=form_of(counter, "1500000"))
    assert answer.status_code == 303
    page = teller.get("/teller")
    assert "Waiting for approval" in page.text
    assert ">Pay<" not in page.text
    (waiting,) = approval_queries.open_requests_of(session, counter.teller.user_id, "teller.withdraw")
    path = f"/teller/pay/{waiting.id}"
    teller.post(path)
    assert counter.balance() == 2_000_000
    manager = actor_for(session, make_user(session, clock, "branch_manager"))
    with transaction(manager, clock) as inner:
        approvals.approve(inner, manager, clock, waiting.id, "ID seen")
    side = teller.get("/teller").text
    assert ">Pay<" in side
    assert f'href="{path}"' in side
    paying = teller.get(path)
    for fact in ("Photo of ", "UGX 1,502,000", "UGX 498,000", "The member alone", "Approved by", "now</button>"):
        assert fact in paying.text, fact
    assert counter.balance() == 2_000_000
    assert "posted=" in teller.post(path).location
    assert counter.balance() == 498_000
    teller.post(path)
    assert counter.balance() == 498_000
    assert teller.get(path).status_code == 303


def test_an_approved_withdrawal_is_shown_to_its_teller_alone(teller, app, session, clock, counter):
    counter.deposit(2_000_000)
    waiting = counter.withdraw(1_500_000)
    other = make_user(session, clock, "teller", email="other@umoja.example")
    assert sign_in(app.test_client(), session, clock, other).get(f"/teller/pay/{waiting.request_id}").status_code == 404
    assert teller.get(f"/teller/pay/{uuid4()}").status_code == 404


def test_the_preview_says_that_a_second_person_is_needed(teller, counter):
    counter.deposit(2_000_000)
    query = {"account_id": counter.account_id, "do": "withdraw"}
    assert "second person" in teller.get("/teller/fee", query_string=query | {"amount": "1500000"}).text
    assert "second person" not in teller.get("/teller/fee", query_string=query | {"amount": "20000"}).text


def test_both_counts_are_blind_and_the_difference_is_the_custodians(teller, app, session, clock, counter):
    page = teller.get("/teller/close")
    assert "3,000,000" not in page.text
    pieces = {"pieces_50000": "59", "pieces_20000": "2", "pieces_5000": "1", "pieces_2000": "2"}
    pieces |= {"pieces_500": "1", "pieces_100": "1"}
    answer = teller.post("/teller/close", data={**pieces, "submission_id": str(uuid4())})
    assert answer.status_code == 303
    assert "handed in" in teller.get(answer.location).text
    assert live(session, counter).state == "counting"
    head = sign_in(
        app.test_client(), session, clock, make_user(session, clock, "head_teller", email="h2@umoja.example")
    )
    path = f"/teller/sessions/{counter.till_session_id}"
    page = head.get(f"{path}/receive")
    for figure in ("3,000,000", "2,999,600"):
        assert figure not in page.text
        assert figure not in head.get("/teller/tills").text
    assert head.get(path).location.endswith("/receive")
    bad = head.post(f"{path}/receive", data={"pieces_50000": "-1"})
    assert bad.status_code == 422
    assert 'href="#pieces_50000"' in bad.text
    assert teller.post(f"{path}/receive", data=pieces).status_code == 403
    taken = head.post(f"{path}/receive", data={**pieces, "submission_id": str(uuid4())})
    assert taken.status_code == 303
    assert "UGX 400 short" in head.get(taken.location).text
    assert live(session, counter) is None
    assert path in teller.get("/teller/till").text


def test_a_till_that_is_sent_back_tells_its_teller_why_and_not_what_the_book_says(teller, app, session, clock, counter):
    counter.deposit(50_000)
    assert "3,050,000" in teller.get("/teller/till").text
    teller.post("/teller/close", data={"pieces_50000": "50", "submission_id": str(uuid4())})
    head = sign_in(
        app.test_client(), session, clock, make_user(session, clock, "head_teller", email="h2@umoja.example")
    )
    path = f"/teller/sessions/{counter.till_session_id}/send-back"
    assert head.post(path, data={"remark": ""}).status_code == 422
    assert head.post(path, data={"remark": "A packet is open"}).status_code == 303
    mine = teller.get("/teller/till")
    assert "A packet is open" in mine.text
    for page in ("/teller/till", "/teller", "/teller/side", "/teller/sessions", "/facts", "/teller/close"):
        assert "3,050,000" not in teller.get(page).text, page
    assert teller.get(f"/teller/sessions/{counter.till_session_id}").status_code == 404


def test_a_till_that_is_handed_in_waits_for_a_custodian_and_nobody_closes_the_day(teller, session, clock, counter):
    teller.post("/teller/close", data={"pieces_50000": "60", "submission_id": str(uuid4())})
    (asked,) = approval_queries.open_requests_of(session, counter.teller.user_id, "teller.close-difference")
    assert "only by a decision" in teller.get(f"/approvals/{asked.id}").text
    clock.instant += timedelta(days=3)
    with transaction(Actor.system(), clock) as inner:
        approvals.expire_due(inner, Actor.system(), clock)
    row = live(session, counter)
    assert row.state == "counting"
    assert not queries.tills_closed(session, row.branch_id, row.business_date).holds
    assert counter.take_over(((50_000, 60),)).minor == 0


def test_a_till_that_is_handed_in_tells_its_teller_no_figure_and_is_not_taken_back(teller, session, counter):
    book = live(session, counter).balance_minor
    teller.post("/teller/close", data={"pieces_50000": "50", "submission_id": str(uuid4())})
    (asked,) = approval_queries.open_requests_of(session, counter.teller.user_id, "teller.close-difference")
    for page in (f"/approvals/{asked.id}", "/approvals/mine", "/approvals/all", "/approvals/mine?format=csv"):
        answer = teller.get(page)
        assert answer.status_code == 200
        for figure in (book, abs(2_500_000 - book)):
            assert f"{figure:,}" not in answer.text, page
            assert str(figure) not in answer.text, page
    assert teller.post(f"/approvals/{asked.id}/cancel").status_code == 409
    assert live(session, counter).state == "counting"


@pytest.mark.parametrize("pieces", ["-1", "abc", "1.5", "9" * 12])
def test_a_bad_count_is_refused(teller, session, counter, pieces):
    answer = teller.post("/teller/close", data={"pieces_50000": pieces, "submission_id": str(uuid4())})
    assert answer.status_code == 422
    assert live(session, counter).state == "opened"


def test_a_float_needs_both_people(client, session, clock):
    branch = list_branches(session)[0]
    teller_user = make_user(session, clock, "teller")
    head = make_user(session, clock, "head_teller")
    sign_in(client, session, clock, head)
    till = {"code": "T9", "name": "Nine", "branch_id": str(branch.id), "limit": "5,000,000"}
    assert client.post("/teller/tills/new", data={**till, "submission_id": "a"}).status_code == 303
    assert client.post("/teller/tills/new", data={**till, "submission_id": "b"}).status_code in (409, 422)
    fund = {"branch_id": str(branch.id), "amount": "1,000,000", "submission_id": "c"}
    assert client.post("/teller/vault/fund", data=fund).status_code == 303
    (asked,) = approval_queries.open_requests_of(session, head.id, "teller.fund-vault")
    manager = actor_for(session, make_user(session, clock, "branch_manager"))
    with transaction(manager, clock) as inner:
        approvals.approve(inner, manager, clock, asked.id, "counted too")
    till_id = next(till.id for till, _ in queries.tills(session, actor_for(session, teller_user)) if till.code == "T9")
    given = {"till_id": str(till_id), "teller_id": str(teller_user.id), "submission_id": "d"}
    too_much = client.post("/teller/vault/float", data={**given, "pieces_50000": "21"})
    assert too_much.status_code == 409
    assert "does not hold" in too_much.text
    assert client.post("/teller/vault/float", data={**given, "pieces_50000": "10"}).status_code == 303
    assert "1,000,000" in client.get("/teller/vault").text
    assert client.post("/teller/open/accept").status_code == 403
    client.post("/sign-out")
    sign_in(client, session, clock, teller_user)
    assert "500,000" in client.get("/teller/open").text
    assert client.post("/teller/open/accept").status_code == 303
    assert "Your till" in client.get("/teller").text


def test_without_a_till_the_counter_says_what_to_do(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    assert "Your till is closed" in client.get("/teller").text
    assert "No float waits" in client.get("/teller/open").text
    assert client.get("/teller/vault").status_code == 403
