"""Receipts: counted, marked as duplicates, and proven to strangers without telling names."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from sacco_app.access import queries as access
from sacco_app.approvals import queries as approvals
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.reference import bump
from sacco_app.kernel.uow import transaction
from sacco_app.savings import queries as savings_queries
from sacco_app.savings import service as savings
from sacco_app.savings.types import OpenAccount, Transfer
from sacco_app.teller import service as teller
from sacco_app.teller.types import CashDeposit, CloseTill
from sacco_app.transactions import service
from sacco_app.transactions.models import Transaction
from sacco_app.transactions.types import RequestReversal
from tests.factories.access import link_member, make_user, sign_in
from tests.factories.counter import make_counter
from tests.factories.members import make_member


@pytest.fixture
def posted(client, session, clock):
    counter = make_counter(session, clock)
    facts = counter.deposit(50_000)
    sign_in(client, session, clock, counter.teller_user)
    return counter, facts


def test_looking_at_a_receipt_counts_nothing_and_the_first_print_is_the_original(client, posted):
    url = f"/transactions/{posted[1].id}/receipt"
    for _ in range(2):
        assert "Not printed yet" in client.get(url).text
    original = client.post(url).text
    assert "Fifty thousand Uganda shillings only" in original
    assert "DUPLICATE" not in original
    assert "DUPLICATE 1" in client.post(url).text
    assert "DUPLICATE 2" in client.post(url, data={"paper": "80"}).text
    seen = client.get(url).text
    assert "Printed 3 times" in seen
    assert "DUPLICATE" not in seen


def test_a_receipt_says_everything_that_the_handbook_asks_for(client, session, posted):
    row = session.get(Transaction, posted[1].id)
    paper = client.get(f"/transactions/{row.id}/receipt").text
    wanted = [
        "Umoja SACCO",
        "RCS 10234",
        "Kampala Main",
        row.till_code,
        row.maker_id.hex[-6:].upper(),
        row.receipt_number,
    ]
    wanted += [row.member_number, "O***** G****", row.account_number, "50,000", "Keep your receipt", "0800 100 200"]
    for part in (*wanted, row.number, f"/check/{row.check_code}"):
        assert part in paper, part
    assert f">{posted[0].teller_user.name}</dd>" not in paper
    assert row.member_name not in paper


def test_a_payer_who_is_not_the_member_stands_on_the_receipt(client, posted):
    counter = posted[0]
    command = CashDeposit(counter.account_id, Money(7_000, UGX), "Peter Ouma", "+256772000111", "Rent", str(new_id()))
    with transaction(counter.teller, counter.clock) as inner:
        facts = teller.deposit(inner, counter.teller, counter.clock, command)
    paper = client.get(f"/transactions/{facts.id}/receipt").text
    assert "Peter Ouma · +256772000111" in paper
    assert "57,000" in paper


def test_a_receipt_keeps_the_balance_to_itself_when_the_sacco_wants_so(client, session, clock, system, posted):
    session.execute(text("UPDATE parameters SET value = 'no' WHERE key = 'receipt.shows_balance'"))
    with transaction(system, clock) as inner:
        bump(inner)
    assert "Balance" not in client.get(f"/transactions/{posted[1].id}/receipt").text


def test_a_receipt_of_what_was_taken_back_says_so(client, session, clock, posted):
    counter, facts = posted
    command = RequestReversal(facts.id, "wrong account", counter.teller.user_id)
    with transaction(counter.head_teller, clock) as inner:
        service.execute_reversal(inner, counter.head_teller, clock, command, new_id())
    assert "REVERSED" in client.get(f"/transactions/{facts.id}/receipt").text
    code = session.get(Transaction, facts.id).check_code
    assert "was taken back" in client.get(f"/check/{code}").text


def test_who_only_reads_cannot_print(client, session, clock, posted):
    sign_in(client, session, clock, make_user(session, clock, "auditor"))
    url = f"/transactions/{posted[1].id}/receipt"
    page = client.get(url)
    assert page.status_code == 200
    assert "Print the original" not in page.text
    assert client.post(url).status_code == 403


def test_a_transaction_shows_its_journal_its_original_and_its_reversal(client, session, clock, posted):
    counter, facts = posted
    page = client.get(f"/transactions/{facts.id}").text
    assert "Till cash (per teller)" in page
    assert page.count("50,000") >= 4
    command = RequestReversal(facts.id, "wrong account", counter.teller.user_id)
    with transaction(counter.head_teller, clock) as inner:
        url = service.execute_reversal(inner, counter.head_teller, clock, command, new_id())
    assert url in client.get(f"/transactions/{facts.id}").text
    mirrored = client.get(url).text
    assert f"/transactions/{facts.id}" in mirrored
    assert "Till cash (per teller)" in mirrored


def test_the_public_page_proves_a_receipt_with_a_masked_name(app, session, posted):
    row = session.get(Transaction, posted[1].id)
    page = app.test_client().get(f"/check/{row.check_code}")
    assert page.status_code == 200
    assert "50,000" in page.text
    assert row.member_name not in page.text
    assert app.test_client().get("/check/NOSUCHCODE").status_code == 404
    assert app.test_client().get(f"/check/{row.check_code}/picture").mimetype == "image/svg+xml"


def test_lists_filter_and_export(client, posted):
    assert posted[1].number in client.get("/transactions?kind=deposit").text
    assert posted[1].number not in client.get("/transactions?kind=withdrawal").text
    export = client.get("/transactions?kind=deposit&format=csv")
    assert export.mimetype == "text/csv"
    assert posted[1].number in export.text
    assert client.get("/transactions?format=xlsx").status_code == 200
    assert client.get("/transactions?from=yesterday&page=x&sort=drop").status_code == 200


def test_the_list_names_its_currency_and_adds_nothing_that_goes_different_ways(client, posted):
    posted[0].withdraw(20_000)
    page = client.get("/transactions").text
    assert "Amount, UGX" in page
    assert "<tfoot>" not in page
    export = client.get("/transactions?format=csv").text
    assert "Amount, UGX" in export
    assert "Total" not in export


def test_a_reversal_is_asked_for_with_a_reason(client, posted):
    url = f"/transactions/{posted[1].id}"
    assert client.post(f"{url}/reverse", data={"reason": ""}).status_code == 422
    assert client.post(f"{url}/reverse", data={"reason": "wrong account"}).status_code == 303
    assert "wrong account" in client.get(url).text
    again = client.post(f"{url}/reverse", data={"reason": "wrong account"})
    assert again.status_code == 409
    assert "asked for this reversal already" in again.text


def test_nobody_asks_in_vain_for_cash_back_from_a_till_that_is_closed(client, session, clock, posted):
    counter, facts = posted
    url = f"/transactions/{facts.id}"
    with transaction(counter.teller, clock) as inner:
        teller.suspend_till(inner, counter.teller, clock)
    assert "Ask for reversal" in client.get(url).text
    with transaction(counter.teller, clock) as inner:
        teller.resume_till(inner, counter.teller, clock)
        command = CloseTill(counter.till_session_id, ((50_000, 61),), "", "close")
        teller.close_till(inner, counter.teller, clock, command)
    page = client.get(url).text
    assert "Ask for reversal" not in page
    assert "Put a wrong account right by a transfer" in page
    refused = client.post(f"{url}/reverse", data={"reason": "wrong account"})
    assert refused.status_code == 409
    assert "has handed in its cash" in refused.text
    assert "tell the accountant of a wrong amount" in refused.text
    assert 'value="wrong account"' in refused.text
    assert approvals.waiting_for(session, url) == []


def test_an_account_shows_its_statement(client, posted):
    counter, _facts = posted
    page = client.get(f"/savings/accounts/{counter.account_id}")
    assert page.status_code == 200
    assert "50,000" in page.text
    assert client.get(f"/savings/accounts/{counter.account_id}?format=csv").text.count("50000") >= 1


def test_a_transfer_to_nowhere_keeps_what_was_typed(client, posted):
    url = f"/savings/accounts/{posted[0].account_id}/transfer"
    answer = client.post(url, data={"to_number": "REG-999999", "amount": "1,000", "narration": "rent"})
    assert answer.status_code == 409
    assert "rent" in answer.text
    assert client.post(url, data={"to_number": "", "amount": "x"}).status_code == 422


def test_a_reversal_is_not_decided_by_staff_on_either_side_of_the_money(session, clock, posted):
    counter = posted[0]
    payer = savings_queries.owner_of(session, counter.account_id)
    taker = make_member(session, clock, counter.teller.branch_id, surname="Kato", given_names="Moses").id
    with transaction(counter.teller, clock) as inner:
        account = savings.open_account(inner, counter.teller, clock, OpenAccount(taker, "REG"))
    command = Transfer(counter.account_id, account, Money(9_000, UGX), "", str(new_id()))
    with transaction(counter.teller, clock) as inner:
        facts = savings.transfer(inner, counter.teller, clock, command)
    staff = [make_user(session, clock, role) for role in ("accountant", "loan_officer")]
    for user, member_id in zip(staff, (payer, taker), strict=True):
        link_member(session, user, member_id)
    told = service.describe_reversal(session, RequestReversal(facts.id, "Wrong account", counter.teller.user_id))
    assert told.beneficiary_user_ids == {counter.teller.user_id, *(user.id for user in staff)}
    assert access.users_of_member(session, taker) == [staff[1].id]
