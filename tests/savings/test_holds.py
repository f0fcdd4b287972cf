"""Money held by hand stays until a person lets it go; what waits for a decision is let go by the decision alone."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from sacco_app.approvals.errors import MakerIsChecker
from sacco_app.approvals.models import ApprovalRequest
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.savings import queries, service
from sacco_app.savings.errors import InsufficientFunds
from tests.factories.access import actor_for, make_user, sign_in
from tests.factories.approvals import approve, second_person
from tests.factories.counter import make_counter


@pytest.fixture
def counter(client, session, clock):
    made = make_counter(session, clock)
    made.deposit(100_000)
    made.url = f"/savings/accounts/{made.account_id}"
    made.manager = make_user(session, clock, "branch_manager")
    sign_in(client, session, clock, made.manager)
    yield made
    assert proofs.differences(session) == []


def hold_id(session, counter):
    session.expire_all()
    (hold,) = queries.open_holds(session, counter.account_id)
    return hold.id


def test_a_hold_is_placed_once_and_keeps_its_money(client, counter, session):
    wanted = {"amount": "95,000", "reason": "Court order 12", "ordered_by": "court", "submission_id": "h1"}
    for _ in range(2):
        assert client.post(f"{counter.url}/hold", data=wanted).status_code == 303
    page = client.get(counter.url).text
    assert "Court order 12" in page
    assert "Let go" in page
    with pytest.raises(InsufficientFunds, match="95,000 held"):
        counter.withdraw(5_000)
    refused = client.post(f"{counter.url}/hold", data=wanted | {"submission_id": "h2"})
    assert refused.status_code == 409
    assert "Court order 12" in refused.text
    assert client.post(f"{counter.url}/hold", data={"amount": "", "reason": ""}).status_code == 422


def place(client, counter, session, order, amount="90,000"):
    wanted = {"amount": amount, "reason": "As written", "ordered_by": order, "submission_id": f"h-{order}"}
    assert client.post(f"{counter.url}/hold", data=wanted).status_code == 303
    return f"/savings/holds/{hold_id(session, counter)}"


def test_what_the_member_wished_a_colleague_lets_go_at_once(client, counter, session, clock):
    url = place(client, counter, session, "member")
    colleague = make_user(session, clock, "branch_manager", email="colleague@umoja.example")
    sign_in(client, session, clock, colleague)
    assert f'action="{url}/release"' in client.get(counter.url).text
    for _ in range(2):
        assert client.post(f"{url}/release").status_code == 303
    counter.withdraw(90_000)
    assert client.post(f"/savings/holds/{new_id()}/release").status_code == 404


def test_who_calls_the_order_of_a_court_a_wish_does_not_end_it_alone(client, counter, session, clock):
    url = place(client, counter, session, "member")
    assert f'action="{url}/release"' not in client.get(counter.url).text
    client.post(f"{url}/release")
    assert "Nobody lets go alone what they have held" in client.get(counter.url).text
    assert queries.open_holds(session, counter.account_id)
    assert client.post(f"{url}/ask-release", data={"reason": "The member wants it back"}).status_code == 303
    approve(session, clock, second_person(session, clock, "compliance_officer"))
    assert not queries.open_holds(session, counter.account_id)


@pytest.mark.parametrize("order", ["court", "sacco"])
def test_what_others_ordered_takes_two_people_to_let_go(client, counter, session, clock, order):
    url = place(client, counter, session, order)
    client.post(f"{url}/release")
    assert "a second person must agree" in client.get(counter.url).text
    assert queries.open_holds(session, counter.account_id)
    assert client.post(f"{url}/ask-release", data={"reason": ""}).status_code == 422
    assert client.post(f"{url}/ask-release", data={"reason": "Letter 7 of the court"}).status_code == 303
    again = client.post(f"{url}/ask-release", data={"reason": "Letter 7 of the court"})
    assert again.status_code == 409
    with pytest.raises(MakerIsChecker):
        approve(session, clock, actor_for(session, counter.manager))
    with pytest.raises(InsufficientFunds):
        counter.withdraw(10_000)
    (effects,) = session.scalars(select(ApprovalRequest.effects).where(ApprovalRequest.status == "pending")).all()
    assert dict(effects)["Available"] == "UGX 5,000 → UGX 95,000"
    assert dict(effects)["Let go because"] == "Letter 7 of the court"
    approve(session, clock, second_person(session, clock, "compliance_officer"))
    assert not queries.open_holds(session, counter.account_id)
    counter.withdraw(10_000)
    assert client.post(f"{url}/ask-release", data={"reason": "Again"}).status_code == 409


@pytest.mark.parametrize("status", ["suspended", "blacklisted", "deceased"])
def test_a_court_holds_the_money_of_barred_members_too_and_the_minimum_with_it(client, counter, session, status):
    session.execute(text("UPDATE members SET status = :status"), {"status": status})
    place(client, counter, session, "court", "100,000")
    account = queries.get_account(session, Actor.system(), counter.account_id)
    assert (account.held.minor, account.available.minor) == (100_000, 0)


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
