"""Money held by hand stays until a person lets it go; what waits for a decision is let go by the decision alone."""

from __future__ import annotations

import pytest

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.savings import queries, service
from sacco_app.savings.errors import InsufficientFunds
from tests.factories.access import make_user, sign_in
from tests.factories.counter import make_counter


@pytest.fixture
def counter(client, session, clock):
    made = make_counter(session, clock)
    made.deposit(100_000)
    made.url = f"/savings/accounts/{made.account_id}"
    sign_in(client, session, clock, make_user(session, clock, "branch_manager"))
    yield made
    assert proofs.differences(session) == []


def hold_id(session, counter):
    session.expire_all()
    (hold,) = queries.open_holds(session, counter.account_id)
    return hold.id


def test_a_hold_is_placed_once_and_keeps_its_money(client, counter, session):
    wanted = {"amount": "90,000", "reason": "Court order 12", "submission_id": "h1"}
    for _ in range(2):
        assert client.post(f"{counter.url}/hold", data=wanted).status_code == 303
    page = client.get(counter.url).text
    assert "Court order 12" in page
    assert "Let go" in page
    with pytest.raises(InsufficientFunds, match="90,000 held"):
        counter.withdraw(5_000)
    refused = client.post(f"{counter.url}/hold", data=wanted | {"submission_id": "h2"})
    assert refused.status_code == 409
    assert "Court order 12" in refused.text
    assert client.post(f"{counter.url}/hold", data={"amount": "", "reason": ""}).status_code == 422


def test_a_hold_is_let_go(client, counter, session):
    client.post(f"{counter.url}/hold", data={"amount": "90,000", "reason": "Court order 12", "submission_id": "h1"})
    url = f"/savings/holds/{hold_id(session, counter)}/release"
    for _ in range(2):
        assert client.post(url).status_code == 303
    counter.withdraw(90_000)
    assert client.post(f"/savings/holds/{new_id()}/release").status_code == 404


def test_what_waits_for_a_decision_is_not_let_go_by_hand(client, counter, session, clock):
    with transaction(counter.teller, clock) as inner:
        amount = Money(10_000, UGX)
        service.place_hold(inner, counter.teller, clock, counter.account_id, amount, "Withdrawal waits", new_id())
    client.post(f"/savings/holds/{hold_id(session, counter)}/release")
    assert "held for something that waits" in client.get(counter.url).text
    assert queries.get_account(session, Actor.system(), counter.account_id).held.minor == 10_000


def test_a_teller_holds_nothing_by_hand(client, counter, session, clock):
    sign_in(client, session, clock, counter.teller_user)
    assert client.get(f"{counter.url}/hold").status_code == 403


def test_accounts_are_listed_with_names_and_sums(client, counter):
    page = client.get("/savings/accounts").text
    assert "Okello Grace" in page
    assert "100,000" in page
    assert "No account like this" in client.get("/savings/accounts?status=dormant").text
    assert "No account like this" in client.get("/savings/accounts?branch=nowhere").text
    assert "Okello Grace" in client.get("/savings/accounts?format=csv").text
    assert client.get("/savings/accounts?q=reg-&sort=member&direction=desc").status_code == 200
