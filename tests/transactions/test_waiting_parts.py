"""What waits for a second person counts with what was paid, and is asked again when it is paid."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import SavePolicy
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.savings import queries, service
from sacco_app.savings.types import OpenAccount, PendingTransfer, Transfer
from sacco_app.teller import service as teller
from sacco_app.teller.types import CashWithdrawal, PendingApproval
from sacco_app.transactions.errors import MoreMustAgree
from tests.factories.access import sign_in
from tests.factories.approvals import second_person
from tests.factories.counter import make_counter, open_till


@pytest.fixture
def counter(session, clock):
    made = make_counter(session, clock)
    made.deposit(16_900_000)
    yield made
    assert proofs.differences(session) == []


def two_from(counter, amount, kind="teller.withdraw"):
    with transaction(Actor.system(), counter.clock) as inner:
        approvals.save_policy(inner, Actor.system(), counter.clock, SavePolicy(kind, amount, 2))


def agree(counter, request_id, role="head_teller"):
    checker = second_person(counter.session, counter.clock, role)
    with transaction(checker, counter.clock) as inner:
        return approvals.approve(inner, checker, counter.clock, request_id).status


def pay(counter, request_id):
    with transaction(counter.teller, counter.clock) as inner:
        return approvals.execute(inner, counter.teller, counter.clock, request_id)


def take_back(counter, request_id):
    with transaction(counter.teller, counter.clock) as inner:
        approvals.cancel(inner, counter.teller, counter.clock, request_id)


def required(counter, request_id):
    query = text("SELECT required FROM approval_requests WHERE id = :id")
    return counter.session.scalar(query, {"id": request_id})


def effects(counter, request_id):
    query = text("SELECT effects FROM approval_requests WHERE id = :id")
    return dict(counter.session.scalar(query, {"id": request_id}))


def move(counter, amount, target):
    command = Transfer(counter.account_id, target, Money(amount, UGX), "", str(new_id()))
    with transaction(counter.teller, counter.clock) as inner:
        return service.ask_transfer(inner, counter.teller, counter.clock, command)


@pytest.fixture
def target(counter, session, clock):
    """Another account of the same member."""
    owner = queries.get_account(session, Actor.system(), counter.account_id).member_id
    with transaction(counter.teller, clock) as inner:
        return service.open_account(inner, counter.teller, clock, OpenAccount(owner, "REG"))


def test_four_requests_below_the_amount_for_two_people_are_not_agreed_to_by_one(counter):
    two_from(counter, 2_500_000)
    asked = [counter.withdraw(2_400_000).request_id for _ in range(4)]
    assert [required(counter, one) for one in asked] == [1, 2, 2, 2]
    assert effects(counter, asked[1])["Asked for before, not paid yet"] == "UGX 2,400,000"
    assert [agree(counter, one) for one in asked] == ["approved", "pending", "pending", "pending"]
    pay(counter, asked[0])
    assert agree(counter, asked[1], "branch_manager") == "approved"
    pay(counter, asked[1])
    paid = text("SELECT sum(amount_minor) FROM transactions WHERE kind = 'withdrawal'")
    assert counter.session.scalar(paid) == 2 * 2_400_000


def test_a_small_withdrawal_adds_to_what_waits(counter):
    two_from(counter, 2_500_000)
    counter.withdraw(1_800_000)
    counter.withdraw(690_000)
    assert required(counter, counter.withdraw(310_000).request_id) == 2


def test_what_waits_from_yesterday_counts_and_what_was_taken_back_does_not(counter, clock):
    two_from(counter, 2_500_000)
    first = counter.withdraw(2_400_000)
    clock.advance(timedelta(hours=20))
    with transaction(counter.teller, clock) as inner:
        inner.execute(text("UPDATE till_sessions SET business_date = business_date + 1, receipts = 0"))
    second = counter.withdraw(2_400_000)
    assert required(counter, second.request_id) == 2
    for asked in (first, second):
        take_back(counter, asked.request_id)
    assert required(counter, counter.withdraw(2_400_000).request_id) == 1


def test_a_policy_that_came_meanwhile_is_asked_when_it_is_paid(client, counter, session, clock):
    asked = [counter.withdraw(1_300_000).request_id for _ in range(2)]
    for one in asked:
        agree(counter, one)
    two_from(counter, 2_500_000)
    pay(counter, asked[0])
    with pytest.raises(MoreMustAgree, match="By now 2 people must agree to this amount, and it was asked of 1"):
        pay(counter, asked[1])
    sign_in(client, session, clock, counter.teller_user)
    refused = client.post(f"/approvals/{asked[1]}/execute")
    assert refused.status_code == 409
    assert "let the request be taken back, then ask again" in refused.text
    assert client.post(f"/approvals/{asked[1]}/cancel").status_code == 303
    again = counter.withdraw(1_300_000).request_id
    assert required(counter, again) == 2
    for role in ("head_teller", "branch_manager"):
        agree(counter, again, role)
    pay(counter, again)


def test_transfers_that_wait_add_up_too(counter, target):
    two_from(counter, 8_000_000, "savings.transfer")
    asked = [move(counter, 5_500_000, target).request_id for _ in range(2)]
    assert [required(counter, one) for one in asked] == [1, 2]
    assert effects(counter, asked[1])["Asked for before, not paid yet"] == "UGX 5,500,000"
    assert agree(counter, asked[0]) == "executed"
    assert agree(counter, asked[1]) == "pending"


def test_a_transfer_is_asked_again_when_it_is_carried_out(counter, target):
    asked = [move(counter, 5_100_000, target) for _ in range(2)]
    assert all(isinstance(one, PendingTransfer) for one in asked)
    two_from(counter, 8_000_000, "savings.transfer")
    agree(counter, asked[0].request_id)
    with pytest.raises(MoreMustAgree):
        agree(counter, asked[1].request_id)
    take_back(counter, asked[1].request_id)


@pytest.mark.parametrize("ahead", [1, -1])
def test_two_branches_a_business_date_apart_are_one_day_in_the_evening(counter, session, ahead):
    counter.withdraw(990_000)
    other, till_session_id = open_till(counter, "2")
    with transaction(Actor.system(), counter.clock) as inner:
        moved = text("UPDATE till_sessions SET business_date = business_date + :days, receipts = 0 WHERE id = :id")
        inner.execute(moved, {"days": ahead, "id": till_session_id})
    command = CashWithdrawal(counter.account_id, Money(990_000, UGX), "", "", str(new_id()))
    with transaction(other, counter.clock) as inner:
        assert isinstance(teller.withdraw(inner, other, counter.clock, command), PendingApproval)
