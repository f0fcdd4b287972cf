"""An amount that needs a second person needs one in parts too."""

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
from sacco_app.transactions import service as transactions
from sacco_app.transactions.errors import AboveLimitOfDay
from sacco_app.transactions.types import RequestReversal
from tests.factories.approvals import second_person
from tests.factories.counter import make_counter, open_till
from tests.factories.tariff import set_limit


@pytest.fixture
def counter(session, clock):
    made = make_counter(session, clock)
    made.deposit(16_900_000)
    yield made
    assert proofs.differences(session) == []


@pytest.fixture
def second_account(counter, session, clock):
    """Another account of the same member, with money."""
    owner = queries.get_account(session, Actor.system(), counter.account_id).member_id
    with transaction(counter.teller, clock) as inner:
        account_id = service.open_account(inner, counter.teller, clock, OpenAccount(owner, "REG"))
    move(counter, counter.teller, 2_000_000, counter.account_id, account_id)
    return account_id


def move(counter, who, amount, source, target, key=""):
    command = Transfer(source, target, Money(amount, UGX), "", key or str(new_id()))
    with transaction(who, counter.clock) as inner:
        return service.ask_transfer(inner, who, counter.clock, command)


def pay(counter, who, amount, account_id):
    command = CashWithdrawal(account_id, Money(amount, UGX), "", "", str(new_id()))
    with transaction(who, counter.clock) as inner:
        return teller.withdraw(inner, who, counter.clock, command)


def agree(counter, request_id, *roles):
    for role in roles or ("head_teller",):
        checker = second_person(counter.session, counter.clock, role)
        with transaction(checker, counter.clock) as inner:
            approvals.approve(inner, checker, counter.clock, request_id)


def carry_out(counter, request_id):
    with transaction(counter.teller, counter.clock) as inner:
        return approvals.execute(inner, counter.teller, counter.clock, request_id)


def test_three_withdrawals_just_below_the_amount_do_not_pass_alone(counter, session):
    counter.withdraw(990_000)
    for _ in range(2):
        asked = counter.withdraw(990_000)
        assert isinstance(asked, PendingApproval)
    effects = session.scalar(text("SELECT effects::text FROM approval_requests ORDER BY id DESC LIMIT 1"))
    assert "UGX 990,000, of it UGX 990,000 without a second person" in effects


def test_small_amounts_pass_until_they_add_up(counter):
    for amount in (400_000, 400_000, 200_000):
        assert not isinstance(counter.withdraw(amount), PendingApproval)
    assert isinstance(counter.withdraw(1_000), PendingApproval)


def test_another_till_and_another_account_of_the_member_change_nothing(counter, second_account):
    counter.withdraw(600_000)
    other, _ = open_till(counter, "2")
    assert isinstance(pay(counter, other, 600_000, counter.account_id), PendingApproval)
    assert isinstance(pay(counter, counter.teller, 600_000, second_account), PendingApproval)


def test_what_a_second_person_agreed_to_or_what_came_back_does_not_count(counter):
    asked = counter.withdraw(1_500_000)
    agree(counter, asked.request_id)
    carry_out(counter, asked.request_id)
    facts = counter.withdraw(990_000)
    command = RequestReversal(facts.id, "wrong", counter.teller.user_id)
    with transaction(counter.head_teller, counter.clock) as inner:
        transactions.execute_reversal(inner, counter.head_teller, counter.clock, command, new_id())
    assert not isinstance(counter.withdraw(990_000), PendingApproval)


def test_the_amount_that_needs_two_people_needs_them_in_parts(counter, session):
    with transaction(Actor.system(), counter.clock) as inner:
        approvals.save_policy(inner, Actor.system(), counter.clock, SavePolicy("teller.withdraw", 2_500_000, 2))
    for amount, wanted in ((1_500_000, 1), (1_400_000, 2)):
        asked = counter.withdraw(amount)
        found = session.scalar(text("SELECT required FROM approval_requests WHERE id = :id"), {"id": asked.request_id})
        assert found == wanted
        agree(counter, asked.request_id, *("head_teller", "branch_manager")[:wanted])
        carry_out(counter, asked.request_id)


def test_transfers_of_staff_add_up_and_the_same_key_moves_nothing_twice(counter, second_account):
    facts = move(counter, counter.teller, 2_900_000, counter.account_id, second_account, "once")
    again = move(counter, counter.teller, 2_900_000, counter.account_id, second_account, "once")
    assert (again.id, again.replayed) == (facts.id, True)
    asked = move(counter, counter.teller, 200_000, counter.account_id, second_account, "two")
    assert isinstance(asked, PendingTransfer)
    assert move(counter, counter.teller, 200_000, counter.account_id, second_account, "two") == asked


def test_a_paid_withdrawal_that_is_sent_again_says_what_was_paid(counter):
    asked = counter.withdraw(1_500_000, "k")
    assert counter.withdraw(1_500_000, "k") == asked
    agree(counter, asked.request_id)
    carry_out(counter, asked.request_id)
    paid = counter.withdraw(1_500_000, "k")
    assert (paid.id, paid.replayed) == (asked.request_id, True)


def test_an_evening_on_the_next_business_date_is_counted_too(counter, session, clock):
    set_limit(clock, "withdrawal", max_day_minor=500_000)
    session.execute(text("UPDATE till_sessions SET business_date = business_date + 3, receipts = 0"))
    clock.advance(timedelta(hours=12))
    counter.withdraw(300_000)
    with pytest.raises(AboveLimitOfDay):
        counter.withdraw(300_000)
