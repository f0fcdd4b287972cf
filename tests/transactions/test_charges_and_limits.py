"""What a transaction costs and what it may not exceed, as the counter and the telephone feel it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.ledger import queries as ledger
from sacco_app.savings import queries, service
from sacco_app.savings.types import OpenAccount, Transfer
from sacco_app.teller.types import PendingApproval
from sacco_app.transactions import service as transactions
from sacco_app.transactions.errors import (
    AboveLimitOfDay,
    AboveLimitOnce,
    AlreadyReversed,
    ChannelSwitchedOff,
    NotReversible,
    TooManyToday,
)
from sacco_app.transactions.types import RequestReversal
from tests.factories.counter import make_counter
from tests.factories.tariff import set_duty, set_fee, set_limit


@pytest.fixture
def counter(session, clock):
    made = make_counter(session, clock)
    made.deposit(900_000)
    yield made
    assert proofs.differences(session) == []


@pytest.fixture
def owner(counter, session):
    """The member on the telephone, with a second account."""
    owner_id = queries.get_account(session, Actor.system(), counter.account_id).member_id
    with transaction(counter.teller, counter.clock) as inner:
        counter.second = service.open_account(inner, counter.teller, counter.clock, OpenAccount(owner_id, "REG"))
    return Actor.member(owner_id, "Grace", "ussd")


def send(counter, who, amount):
    command = Transfer(counter.account_id, counter.second, Money(amount, UGX), "", str(new_id()))
    with transaction(who, counter.clock) as inner:
        return service.transfer(inner, who, counter.clock, command)


def reverse(counter, facts):
    command = RequestReversal(facts.id, "wrong", counter.teller.user_id)
    with transaction(counter.head_teller, counter.clock) as inner:
        transactions.execute_reversal(inner, counter.head_teller, counter.clock, command, new_id())


def lines(session, facts):
    return [
        {(line.account_name, line.debit.minor, line.credit.minor) for line in journal.lines}
        for journal in ledger.journals_of_transaction(session, facts.id)
    ]


def test_duty_has_a_leg_of_its_own_and_a_reversal_gives_fee_and_duty_back(counter, session, clock):
    set_duty(clock, "0.15")
    facts = counter.withdraw(100_000)
    assert (facts.charge.fee.minor, facts.charge.duty.minor) == (1_000, 150)
    assert counter.balance() == 900_000 - 101_150
    (journal,) = lines(session, facts)
    assert ("Withdrawal and transaction fees", 0, 1_000) in journal
    assert ("Excise / VAT payable", 0, 150) in journal
    reverse(counter, facts)
    assert counter.balance() == 900_000
    _, mirrored = lines(session, facts)
    assert {("Withdrawal and transaction fees", 1_000, 0), ("Excise / VAT payable", 150, 0)} <= mirrored


def test_a_deposit_may_bear_a_fee_and_its_reversal_gives_it_back(counter, clock):
    set_fee(clock, "deposit", 500)
    facts = counter.deposit(10_000)
    assert counter.balance() == 909_500
    reverse(counter, facts)
    assert counter.balance() == 900_000


def test_a_fee_may_be_a_share_of_the_amount_up_to_a_most(counter, clock):
    set_fee(clock, "withdrawal", 0, "0.01", product="REG", max_minor=2_500)
    assert counter.withdraw(200_000).charge.fee.minor == 2_000
    assert counter.withdraw(300_000).charge.fee.minor == 2_500


def test_a_day_is_counted_for_the_account_and_starts_anew_tomorrow(counter, clock, session):
    set_limit(clock, "withdrawal", counted_for="account", max_day_minor=300_000)
    counter.withdraw(200_000)
    with pytest.raises(AboveLimitOfDay, match="UGX 100,000 is left today"):
        counter.withdraw(100_001)
    counter.withdraw(100_000)
    with transaction(counter.teller, clock) as inner:
        inner.execute(text("UPDATE till_sessions SET business_date = business_date + 1, receipts = 0"))
    with pytest.raises(AboveLimitOfDay, match="UGX 0 is left today"):
        counter.withdraw(100_001)
    clock.advance(timedelta(days=1))
    counter.withdraw(100_001)


def test_what_was_taken_back_does_not_count(counter, clock):
    set_limit(clock, "withdrawal", max_day_count=1)
    facts = counter.withdraw(200_000)
    with pytest.raises(TooManyToday):
        counter.withdraw(1_000)
    reverse(counter, facts)
    counter.withdraw(1_000)


def test_a_role_has_its_own_limit(counter, clock):
    set_limit(clock, "deposit", max_one_minor=5_000)
    with pytest.raises(AboveLimitOnce):
        counter.deposit(6_000)
    set_limit(clock, "deposit", role="teller", max_one_minor=20_000)
    counter.deposit(20_000)


def test_a_day_of_a_member_of_staff_adds_up_all_members(counter, clock):
    set_limit(clock, "deposit", counted_for="maker", max_day_minor=920_000)
    counter.deposit(20_000)
    with pytest.raises(AboveLimitOfDay, match="each member of staff"):
        counter.deposit(1_000)


def test_ussd_has_smaller_limits_than_the_counter(counter, owner, clock):
    set_limit(clock, "transfer", channel="ussd", counted_for="account", max_one_minor=50_000)
    with pytest.raises(AboveLimitOnce, match="through USSD is at most UGX 50,000"):
        send(counter, owner, 50_001)
    send(counter, owner, 50_000)
    send(counter, counter.teller, 50_001)


def test_a_limit_of_a_member_counts_all_of_the_accounts(counter, owner, clock):
    set_limit(clock, "transfer", max_day_minor=70_000)
    send(counter, owner, 50_000)
    with pytest.raises(AboveLimitOfDay, match="UGX 20,000 is left today"):
        send(counter, owner, 20_001)


def test_a_limit_of_nothing_switches_a_channel_off(counter, owner, clock):
    set_limit(clock, "transfer", channel="ussd", counted_for="account", max_one_minor=0)
    with pytest.raises(ChannelSwitchedOff, match="Transfers through USSD are switched off"):
        send(counter, owner, 1_000)
    send(counter, counter.teller, 1_000)


def test_a_transfer_is_taken_back_with_its_fee_and_duty(counter, owner, session, clock):
    set_duty(clock, "0.15")
    set_fee(clock, "transfer", 400)
    facts = send(counter, owner, 50_000)
    assert counter.balance() == 900_000 - 50_460
    reverse(counter, facts)
    assert counter.balance() == 900_000
    assert [account.ledger_balance.minor for account in queries.accounts_of_member(session, owner.member_id)] == [
        900_000,
        0,
    ]
    with pytest.raises(AlreadyReversed):
        reverse(counter, facts)


def test_a_transfer_is_not_taken_back_when_the_receiver_has_spent_it(counter, owner):
    facts = send(counter, owner, 50_000)
    command = Transfer(counter.second, counter.account_id, Money(40_000, UGX), "", str(new_id()))
    with transaction(owner, counter.clock) as inner:
        service.transfer(inner, owner, counter.clock, command)
    with pytest.raises(NotReversible, match="no longer has UGX 50,000 to give back"):
        reverse(counter, facts)
    assert counter.balance() == 890_000


def test_a_withdrawal_above_the_days_limit_does_not_even_wait_for_a_second_person(counter, clock):
    counter.deposit(3_000_000)
    set_limit(clock, "withdrawal", counted_for="account", max_day_minor=1_500_000)
    with pytest.raises(AboveLimitOfDay):
        counter.withdraw(2_000_000)
    assert isinstance(counter.withdraw(1_400_000), PendingApproval)
