"""Receipts: counted, marked as duplicates, and proven to strangers without telling names."""

from __future__ import annotations

import pytest

from sacco_app.transactions.models import Transaction
from tests.factories.access import sign_in
from tests.factories.counter import make_counter


@pytest.fixture
def posted(client, session, clock):
    counter = make_counter(session, clock)
    facts = counter.deposit(50_000)
    sign_in(client, session, clock, counter.teller_user)
    return counter, facts


def test_a_receipt_has_words_and_says_duplicate_from_the_second_time_on(client, posted):
    url = f"/transactions/{posted[1].id}/receipt"
    first = client.get(url).text
    assert "Fifty thousand Uganda shillings only" in first
    assert "DUPLICATE" not in first
    assert "DUPLICATE 1" in client.get(url).text
    assert client.get(url + "?paper=80").status_code == 200


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


def test_a_reversal_is_asked_for_with_a_reason(client, posted):
    url = f"/transactions/{posted[1].id}"
    assert client.post(f"{url}/reverse", data={"reason": ""}).status_code == 422
    assert client.post(f"{url}/reverse", data={"reason": "wrong account"}).status_code == 303


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
