"""What the counter asks about large cash and about people who are not the member, and who reads it later."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sacco_app.approvals import queries as approvals
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.teller import rules, service
from sacco_app.teller.errors import AuthorityNeeded, PayerIncomplete, SourceNeeded
from sacco_app.teller.types import CashDeposit, CashWithdrawal
from tests.factories.access import make_user_everywhere, sign_in
from tests.factories.counter import make_counter


@pytest.fixture
def counter(session, clock):
    return make_counter(session, clock)


@pytest.fixture
def teller(client, session, clock, counter):
    return sign_in(client, session, clock, counter.teller_user)


def form_of(counter, amount, **more):
    return {"account_id": str(counter.account_id), "amount": amount, "submission_id": str(uuid4()), **more}


def pay_in(counter, amount, name="", phone="", note="", source=""):
    command = CashDeposit(counter.account_id, Money(amount, UGX), name, phone, note, str(uuid4()), source)
    with transaction(counter.teller, counter.clock) as inner:
        return service.deposit(inner, counter.teller, counter.clock, command)


def test_a_large_deposit_says_where_the_money_comes_from(counter):
    pay_in(counter, 4_999_999)
    for source, note in (("", ""), ("nonsense", ""), ("other", "")):
        with pytest.raises(SourceNeeded):
            pay_in(counter, 5_000_000, note=note, source=source)
    pay_in(counter, 5_000_000, source="property")
    pay_in(counter, 5_000_000, note="won in a raffle", source="other")
    assert counter.balance() == 14_999_999


def test_somebody_else_who_pays_in_is_known_by_name_and_phone(counter):
    for name, phone in (("Okot James", ""), ("", "+256772123456")):
        with pytest.raises(PayerIncomplete):
            pay_in(counter, 1_000, name, phone)
    pay_in(counter, 1_000, "Okot James", "+256772123456")


@pytest.mark.parametrize("told", [("Okot James", "", ""), ("Okot James", "+256772123456", ""), ("", "", "Letter")])
def test_somebody_else_is_paid_with_authority_alone(counter, told):
    counter.deposit(100_000)
    name, phone, authority = told
    command = CashWithdrawal(counter.account_id, Money(10_000, UGX), name, "", str(uuid4()), phone, authority)
    with pytest.raises(AuthorityNeeded), transaction(counter.teller, counter.clock) as inner:
        service.withdraw(inner, counter.teller, counter.clock, command)


def test_the_counter_asks_and_keeps_what_was_typed(teller, counter):
    quiet = teller.get("/teller/fee", query_string={"account_id": counter.account_id, "amount": "4,999,999"})
    assert 'name="source"' not in quiet.text
    asked = teller.get("/teller/fee", query_string={"account_id": counter.account_id, "amount": "5,000,000"})
    assert 'name="source"' in asked.text
    refused = teller.post("/teller/deposit", data=form_of(counter, "6000000", narration="March"))
    assert refused.status_code == 422
    assert "ask where the money comes from" in refused.text
    assert 'name="source"' in refused.text
    assert 'value="March"' in refused.text
    posted = teller.post("/teller/deposit", data=form_of(counter, "6000000", source="produce"))
    assert posted.status_code == 303
    number = posted.location.split("posted=")[1]
    assert "Sale of produce or animals" in teller.get(f"/transactions/{number}").text


def test_who_approves_sees_who_is_paid_and_by_what_right(teller, session, counter):
    counter.deposit(3_000_000)
    data = form_of(counter, "2000000", payee_name="Okot James", payee_phone="0772 123 456", authority="Letter, ID seen")
    assert teller.post("/teller/withdraw", data=data).status_code == 303
    (request,) = approvals.open_requests_of(session, counter.teller.user_id, "teller.withdraw")
    assert ["Paid to", "Okot James · +256772123456"] in request.effects
    assert ["Authority seen", "Letter, ID seen"] in request.effects
    lacking = teller.post("/teller/withdraw", data=form_of(counter, "1000", payee_name="Okot James"))
    assert lacking.status_code == 422
    assert "which letter and card" in lacking.text


def test_declarations_are_a_list_and_a_file(client, session, clock, counter):
    pay_in(counter, 5_000_000, "Okot James", "+256772123456", source="property")
    pay_in(counter, 5_000_000, note="won in a raffle", source="other")
    officer = sign_in(client, session, clock, make_user_everywhere(session, clock, "compliance_officer"))
    page = officer.get("/teller/declarations")
    for words in ("Sale of land or property", "won in a raffle", "Okot James", "5,000,000"):
        assert words in page.text
    assert "raffle" not in officer.get("/teller/declarations?source=property").text
    assert "Nothing was declared" in officer.get("/teller/declarations?to=2020-01-01").text
    assert "raffle" in officer.get("/teller/declarations?format=csv").text


def test_a_declaration_is_never_changed(counter, session):
    facts = pay_in(counter, 5_000_000, source="property")
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text("DELETE FROM cash_declarations WHERE transaction_id = :id"), {"id": facts.id})


@pytest.mark.parametrize(
    ("amount", "counts"),
    [
        (1_502_000, ((50_000, 30), (2_000, 1))),
        (123_450, ((50_000, 2), (20_000, 1), (2_000, 1), (1_000, 1), (200, 2), (50, 1))),
        (49, ()),
    ],
)
def test_a_payout_takes_the_fewest_notes(amount, counts):
    assert rules.payout(Money(amount, UGX)) == counts
