"""Pages of the savings room, as the people at the counter and in the office use them."""

from __future__ import annotations

import csv
import io
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from sacco_app.approvals import service as approvals
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.savings import queries, service
from sacco_app.savings.types import OpenAccount
from sacco_app.transactions.models import Transaction
from tests.factories.access import make_user, sign_in
from tests.factories.approvals import approve as agree
from tests.factories.approvals import second_person
from tests.factories.counter import make_counter
from tests.factories.members import make_member


@pytest.fixture
def counter(client, session, clock):
    made = make_counter(session, clock)
    made.deposit(900_000)
    made.withdraw(100_000)
    other = make_member(session, clock, made.teller.branch_id, surname="Ssekandi-Nabwire", given_names="Nakimuli")
    with transaction(made.teller, clock) as inner:
        made.other = service.open_account(inner, made.teller, clock, OpenAccount(other.id, "REG"))
    made.other_number = queries.get_account(session, Actor.system(), made.other).number
    made.url = f"/savings/accounts/{made.account_id}"
    sign_in(client, session, clock, made.teller_user)
    yield made
    assert proofs.differences(session) == []


def send(counter, client, amount, **over):
    data = {
        "to_number": counter.other_number,
        "amount": amount,
        "narration": "School fees",
        "submission_id": "s1",
    } | over
    return client.post(f"{counter.url}/transfer", data=data)


def request_of(answer):
    return UUID(answer.headers["Location"].rsplit("/", 1)[1])


def test_a_statement_begins_and_ends_with_a_balance(client, counter):
    page = client.get(counter.url).text
    for words in ("Balance brought forward", "900,000", "101,000", "799,000", "Balance carried forward", "2 movements"):
        assert words in page
    before = client.get(f"{counter.url}?from=2026-10-01&to=2026-10-31").text
    assert "Nothing moved in this time" in before
    turned = client.get(f"{counter.url}?from=2026-11-30&to=2026-11-01").text
    assert "2 movements" in turned
    part = client.get(counter.url, headers={"HX-Request": "true"}).text
    assert "Balance brought forward" in part
    assert "<html" not in part


def test_a_statement_leaves_as_a_file_with_both_balances(client, counter):
    lines = list(csv.reader(io.StringIO(client.get(f"{counter.url}?format=csv").data.decode("utf-8-sig"))))
    assert lines[0][-1] == "Balance"
    assert [line[-1] for line in lines[1:]] == ["0", "900000", "799000", "799000"]
    assert lines[-1][4:7] == ["Balance carried forward", "101000", "900000"]
    sheet = load_workbook(io.BytesIO(client.get(f"{counter.url}?format=xlsx").data)).active
    assert sheet.cell(row=sheet.max_row, column=8).value == 799_000


def test_receiver_and_cost_are_shown_before_a_transfer_is_posted(client, counter, session):
    page = send(counter, client, "50,000", preview="yes").text
    assert "Ssekandi-Nabwire Nakimuli" in page
    assert "749,000" in page
    assert session.scalars(select(Transaction).where(Transaction.kind == "transfer")).first() is None
    unknown = send(counter, client, "50,000", preview="yes", to_number="REG-999999")
    assert unknown.status_code == 409
    assert "There is no account REG-999999" in unknown.text


def test_a_transfer_is_posted_once(client, counter):
    first, second = send(counter, client, "50,000"), send(counter, client, "50,000")
    assert (first.status_code, first.headers["Location"]) == (303, second.headers["Location"])
    assert counter.balance() == 749_000
    page = client.get(first.headers["Location"]).text
    assert counter.other_number in page
    refused = send(counter, client, "800,000", submission_id="s2")
    assert refused.status_code == 409
    assert "School fees" in refused.text


def test_a_large_transfer_waits_with_the_money_held(client, counter, session, clock):
    counter.deposit(9_000_000)
    waiting = send(counter, client, "6,000,000")
    again = send(counter, client, "6,000,000")
    assert waiting.headers["Location"] == again.headers["Location"]
    request_id = request_of(waiting)
    assert "6,000,000" in client.get(counter.url).text
    account = queries.get_account(session, Actor.system(), counter.account_id)
    assert account.held.minor == 6_000_000
    with transaction(counter.head_teller, clock) as inner:
        approvals.approve(inner, counter.head_teller, clock, request_id)
    session.expire_all()
    account = queries.get_account(session, Actor.system(), counter.account_id)
    assert (account.held.minor, account.ledger_balance.minor) == (0, 3_799_000)
    row = session.scalars(select(Transaction).where(Transaction.kind == "transfer")).one()
    assert row.maker_id == counter.teller.user_id


def test_a_refused_transfer_lets_the_money_go(client, counter, session, clock):
    counter.deposit(9_000_000)
    request_id = request_of(send(counter, client, "6,000,000"))
    with transaction(counter.head_teller, clock) as inner:
        approvals.reject(inner, counter.head_teller, clock, request_id, "who is that?")
    session.expire_all()
    account = queries.get_account(session, Actor.system(), counter.account_id)
    assert (account.held.minor, account.ledger_balance.minor) == (0, 9_799_000)


def test_an_account_is_closed_and_woken_from_its_pages(client, counter, session, clock):
    assert client.get(f"{counter.url}/close").status_code == 200
    assert client.post(f"{counter.url}/close", data={"reason": ""}).status_code == 422
    asked = client.post(f"{counter.url}/close", data={"reason": "moves away"})
    assert "/approvals/" in asked.headers["Location"]
    assert "waits for another person" in client.get(counter.url).text
    with transaction(counter.head_teller, clock) as inner:
        approvals.approve(inner, counter.head_teller, clock, request_of(asked))
    assert "is being closed" in client.get(counter.url).text
    assert client.post(f"{counter.url}/keep").status_code == 303
    assert "is being closed" not in client.get(counter.url).text
    refused = client.post(f"{counter.url}/reactivate", data={"reason": "card"})
    assert refused.status_code == 409
    assert "only a dormant account" in refused.text
    empty = f"/savings/accounts/{counter.other}"
    assert client.post(f"{empty}/close", data={"reason": "never used"}).headers["Location"] == empty
    assert "closed on 23 Nov 2026" in client.get(empty).text


def test_the_terms_of_a_product_change_by_two_people(client, counter, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "administrator"))
    url = "/savings/products/REG"
    terms = {"name": "Regular savings", "min_balance": "5,000", "min_opening": "10,000", "dormancy_days": "180"}
    assert client.post(url, data=terms | {"dormancy_days": "7", "is_active": "y"}).status_code == 422
    assert client.post(url, data=terms | {"is_active": "y", "reason": "Minute 7"}).status_code == 303
    assert "180" not in client.get("/savings/products").text
    assert client.post(url, data=terms | {"is_active": "y"}).status_code == 409
    assert "waits for a second person" in client.get(url).text
    agree(session, clock, second_person(session, clock, "accountant"))
    page = client.get("/savings/products").text
    assert "10,000" in page
    assert "180" in page
