"""An account from the first deposit to the last coin, and asleep in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from sacco_app.approvals import service as approvals
from sacco_app.approvals.errors import MakerIsChecker
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.reference import bump
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.savings import queries, service
from sacco_app.savings.errors import (
    AccountHeld,
    AccountNotOpen,
    AlreadyAsked,
    CoolingOff,
    FirstDepositTooSmall,
    InsufficientFunds,
    NotClosing,
    NotDormant,
)
from sacco_app.savings.types import CloseAccount, ReactivateAccount, SaveProduct
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import RequestReversal
from tests.factories.counter import make_counter
from tests.factories.tariff import set_duty


@pytest.fixture
def counter(session, clock):
    made = make_counter(session, clock)
    yield made
    assert proofs.differences(session) == []


def account(counter):
    counter.session.expire_all()
    return queries.get_account(counter.session, Actor.system(), counter.account_id)


def do(counter, verb, command, actor=None):
    who = actor or counter.teller
    with transaction(who, counter.clock) as inner:
        return verb(inner, who, counter.clock, command)


def close(counter):
    return do(counter, service.close_account, CloseAccount(counter.account_id, "moves away"))


def allow(counter, request_id):
    with transaction(counter.head_teller, counter.clock) as inner:
        approvals.approve(inner, counter.head_teller, counter.clock, request_id)


def reverse(counter, facts):
    command = RequestReversal(facts.id, "wrong", counter.teller.user_id)
    with transaction(counter.head_teller, counter.clock) as inner:
        transactions.execute_reversal(inner, counter.head_teller, counter.clock, command, new_id())


def pass_days(counter, days):
    """Let every branch and open till be some days further on."""
    counter.session.execute(text("UPDATE branches SET business_date = business_date + :n"), {"n": days})
    counter.session.execute(
        text("UPDATE till_sessions SET business_date = business_date + :n, receipts = 0"), {"n": days}
    )
    with transaction(Actor.system(), counter.clock) as inner:
        bump(inner)
    counter.session.expire_all()


def sleep(counter):
    pass_days(counter, 366)
    with transaction(Actor.system(), counter.clock) as inner:
        return service.mark_dormant(inner, Actor.system(), counter.clock)


def test_the_first_deposit_has_a_least_amount_and_later_ones_have_not(counter, clock, system):
    command = SaveProduct("REG", "Regular savings", 5_000, 20_000, 365)
    with transaction(system, clock) as inner:
        service.save_product(inner, system, clock, command)
    with pytest.raises(FirstDepositTooSmall, match="at least UGX 20,000"):
        counter.deposit(19_999)
    counter.deposit(20_000)
    counter.deposit(500)
    assert counter.balance() == 20_500


def test_after_the_first_deposit_was_taken_back_the_next_one_is_the_first_again(counter, clock, system):
    with transaction(system, clock) as inner:
        service.save_product(inner, system, clock, SaveProduct("REG", "Regular savings", 0, 20_000, 365))
    facts = counter.deposit(20_000)
    reverse(counter, facts)
    with pytest.raises(FirstDepositTooSmall):
        counter.deposit(500)


def test_an_empty_account_is_closed_at_once_and_takes_nothing_more(counter):
    assert close(counter) is None
    assert (account(counter).status, account(counter).closed_on.isoformat()) == ("closed", "2026-11-23")
    with pytest.raises(AccountNotOpen, match="is closed"):
        counter.deposit(1_000)
    with pytest.raises(AccountNotOpen):
        close(counter)


def test_with_money_a_second_person_allows_that_everything_is_paid_out_without_a_fee(counter, clock):
    set_duty(clock, "0.15")
    counter.deposit(90_000)
    request_id = close(counter)
    with pytest.raises(AlreadyAsked):
        close(counter)
    with pytest.raises((MakerIsChecker, NotPermitted)), transaction(counter.teller, clock) as inner:
        approvals.approve(inner, counter.teller, clock, request_id)
    with pytest.raises(InsufficientFunds):
        counter.withdraw(90_000)
    allow(counter, request_id)
    with pytest.raises(AccountNotOpen, match="is closing"):
        counter.deposit(1_000)
    assert account(counter).available == Money(90_000, UGX)
    assert counter.withdraw(89_999).charge.total.minor == 0
    assert account(counter).status == "closing"
    counter.withdraw(1)
    assert account(counter).status == "closed"


def test_the_member_may_stay_until_everything_is_paid_out(counter):
    counter.deposit(90_000)
    allow(counter, close(counter))
    do(counter, service.keep_account, counter.account_id)
    counter.deposit(1_000)
    assert account(counter).status == "active"
    with pytest.raises(NotClosing):
        do(counter, service.keep_account, counter.account_id)


def test_a_withdrawal_from_a_closing_account_can_be_taken_back(counter):
    counter.deposit(90_000)
    allow(counter, close(counter))
    facts = counter.withdraw(50_000)
    reverse(counter, facts)
    assert (counter.balance(), account(counter).status) == (90_000, "closing")


def test_money_that_is_held_keeps_the_account_open(counter, clock):
    counter.deposit(90_000)
    with transaction(counter.teller, clock) as inner:
        amount = Money(10_000, UGX)
        service.place_hold(inner, counter.teller, clock, counter.account_id, amount, "Guarantee", new_id())
    with pytest.raises(AccountHeld, match="UGX 10,000"):
        close(counter)


def test_without_a_movement_an_account_falls_asleep_and_pays_nothing_out(counter):
    counter.deposit(90_000)
    pass_days(counter, 365)
    assert service.mark_dormant(counter.session, Actor.system(), counter.clock) == 0
    pass_days(counter, 1)
    with transaction(Actor.system(), counter.clock) as inner:
        assert service.mark_dormant(inner, Actor.system(), counter.clock) == 1
    assert account(counter).status == "dormant"
    with pytest.raises(AccountNotOpen, match="is dormant"):
        counter.withdraw(1_000)
    counter.deposit(1_000)
    assert (account(counter).status, counter.balance()) == ("dormant", 91_000)


def test_a_dormant_account_is_woken_by_two_people(counter, clock):
    counter.deposit(90_000)
    with pytest.raises(NotDormant):
        do(counter, service.reactivate_account, ReactivateAccount(counter.account_id, "card CM123"))
    sleep(counter)
    request_id = do(counter, service.reactivate_account, ReactivateAccount(counter.account_id, "card CM123"))
    assert account(counter).status == "dormant"
    allow(counter, request_id)
    assert account(counter).status == "active"
    counter.withdraw(1_000)


def test_a_large_balance_is_paid_out_a_day_after_the_account_was_woken(counter):
    counter.deposit(3_000_000)
    sleep(counter)
    allow(counter, do(counter, service.reactivate_account, ReactivateAccount(counter.account_id, "card CM123")))
    for amount in (1_000, 1_000_001):
        with pytest.raises(CoolingOff):
            counter.withdraw(amount)
    pass_days(counter, 1)
    counter.withdraw(1_000)


def test_closing_and_waking_leave_their_trace(counter, session):
    counter.deposit(90_000)
    sleep(counter)
    query = text(
        "SELECT count(*) FROM audit_events WHERE subject_type = 'savings_accounts' AND after->>'status' = 'dormant'"
    )
    assert session.execute(query).scalar_one() == 1
    assert account(counter).dormant_after - account(counter).last_activity_on == timedelta(days=365)
