"""The counter: money in and out once each, within what is there, and a till that ties to the book."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from sacco_app.approvals import service as approvals
from sacco_app.approvals.errors import MakerIsChecker
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotPermitted, SaccoError
from sacco_app.kernel.idempotency import IdempotencyKeyReused
from sacco_app.kernel.ids import new_code, new_id
from sacco_app.kernel.money import KES, UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.savings import queries as savings
from sacco_app.savings.errors import AmountNotAccepted, InsufficientFunds, OwnAccount
from sacco_app.teller import queries, service
from sacco_app.teller.errors import TillAboveLimit, TillNotOpen, WaitsOpen
from sacco_app.teller.types import CashDeposit, CloseTill, PendingApproval
from sacco_app.transactions import queries as transactions
from sacco_app.transactions import service as transaction_service
from sacco_app.transactions.types import RequestReversal
from tests.factories.access import link_member
from tests.factories.counter import make_counter


@pytest.fixture
def counter(session, clock):
    made = make_counter(session, clock)
    yield made
    assert proofs.differences(session) == []


def close(counter, pieces, reason="counted twice", key="close"):
    command = CloseTill(counter.till_session_id, pieces, reason, key)
    with transaction(counter.teller, counter.clock) as inner:
        return service.close_till(inner, counter.teller, counter.clock, command)


def test_a_deposit_is_on_the_account_and_in_the_till(counter, session):
    facts = counter.deposit(50_000)
    assert counter.balance() == 50_000
    assert facts.receipt_number.endswith("-0002")
    assert queries.live_session_of(session, counter.teller.user_id).balance_minor == 3_050_000


def test_the_same_deposit_twice_exists_once(counter):
    first, second = counter.deposit(50_000, "k"), counter.deposit(50_000, "k")
    assert (second.id, second.replayed) == (first.id, True)
    assert counter.balance() == 50_000
    with pytest.raises(IdempotencyKeyReused):
        counter.deposit(60_000, "k")


def test_a_deposit_takes_at_most_four_round_trips(counter, session):
    counter.deposit(1_000)
    session.expire_all()
    statements = []

    def note(_conn, _cursor, statement, *_):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "SET CONSTRAINTS")):
            statements.append(statement)

    engine = db.session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        counter.deposit(50_000)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert 0 < len(statements) <= 4, "\n".join(statements)


def test_what_is_available_is_the_balance_less_the_minimum_and_the_fee(counter):
    counter.deposit(50_000)
    with pytest.raises(InsufficientFunds):
        counter.withdraw(44_001)
    counter.withdraw(44_000)
    assert counter.balance() == 5_000


def test_receipts_of_a_till_have_no_gap_even_after_refusals(counter, session):
    counter.deposit(50_000)
    with pytest.raises(InsufficientFunds):
        counter.withdraw(500_000)
    counter.deposit(10_000)
    numbers = [row.receipt_number for row in transactions.newest_of_till(session, counter.till_session_id, 50)]
    assert sorted(int(number[-4:]) for number in numbers) == [1, 2, 3]


def test_a_withdrawal_above_the_limit_is_held_until_a_second_person_allows_it(counter, session, clock):
    counter.deposit(3_000_000)
    waiting = counter.withdraw(2_000_000, "w")
    assert isinstance(waiting, PendingApproval)
    assert counter.withdraw(2_000_000, "w") == waiting
    with pytest.raises(InsufficientFunds):
        counter.withdraw(999_000)
    with pytest.raises((MakerIsChecker, NotPermitted)), transaction(counter.teller, clock) as inner:
        approvals.approve(inner, counter.teller, clock, waiting.request_id)
    with transaction(counter.head_teller, clock) as inner:
        approvals.approve(inner, counter.head_teller, clock, waiting.request_id)
    assert counter.balance() == 3_000_000
    with transaction(counter.teller, clock) as inner:
        approvals.execute(inner, counter.teller, clock, waiting.request_id)
    assert counter.balance() == 998_000
    with pytest.raises(SaccoError), transaction(counter.teller, clock) as inner:
        approvals.execute(inner, counter.teller, clock, waiting.request_id)


def test_a_rejected_withdrawal_lets_the_held_amount_go(counter, clock):
    counter.deposit(3_000_000)
    waiting = counter.withdraw(2_000_000)
    with transaction(counter.head_teller, clock) as inner:
        approvals.reject(inner, counter.head_teller, clock, waiting.request_id, "signature differs")
    counter.withdraw(999_000)


def test_a_till_does_not_hold_more_than_its_limit_allows(counter):
    with pytest.raises(TillAboveLimit):
        counter.deposit(19_000_001)


def test_a_count_400_short_closes_the_till_and_posts_the_shortage(counter, session):
    counter.deposit(50_000)
    counted = ((50_000, 60), (10_000, 4), (5_000, 1), (2_000, 2), (500, 1), (100, 1))
    close(counter, counted)
    assert counter.take_over(counted) == Money(-400, UGX)
    with pytest.raises(TillNotOpen):
        counter.deposit(1_000)
    assert queries.vaults(session, counter.head_teller)[0].balance_minor == 50_049_600


def vault_holds(counter):
    counter.session.expire_all()
    return queries.vaults(counter.session, counter.head_teller)[0].balance_minor


def test_a_till_with_a_waiting_withdrawal_does_not_close(counter):
    counter.deposit(3_000_000)
    counter.withdraw(2_000_000)
    with pytest.raises(WaitsOpen):
        close(counter, ((50_000, 120),))


def test_a_deposit_is_taken_back_once_by_a_mirrored_journal(counter, session, clock, system):
    facts = counter.deposit(50_000)
    command = RequestReversal(facts.id, "wrong account", system.user_id)
    for expected in (0, None):
        if expected is None:
            with pytest.raises(SaccoError), transaction(counter.head_teller, clock) as inner:
                transaction_service.execute_reversal(inner, counter.head_teller, clock, command, facts.id)
            continue
        with transaction(counter.head_teller, clock) as inner:
            transaction_service.execute_reversal(inner, counter.head_teller, clock, command, facts.id)
        assert counter.balance() == expected


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("dw"), st.integers(1, 900_000)), max_size=8))
def test_any_day_leaves_the_book_proven(session, clock, moves):
    counter = make_counter(session, clock, suffix=new_code(6))
    expected = net = 0
    for move, amount in moves:
        if move == "d":
            counter.deposit(amount)
            expected += amount
            net += amount
        elif expected >= amount + 1_000 + 5_000:
            counter.withdraw(amount)
            expected -= amount + 1_000
            net -= amount
        else:
            with pytest.raises(InsufficientFunds):
                counter.withdraw(amount)
        assert counter.balance() == expected
    close(counter, ((1_000, 2_999),), key=new_code(8))
    before = vault_holds(counter)
    assert counter.take_over(((1_000, 2_999),)).minor == 2_999_000 - 3_000_000 - net
    assert vault_holds(counter) - before == 2_999_000
    assert proofs.differences(session) == []


@pytest.mark.parametrize("amount", [Money(0, UGX), Money(-100, UGX), Money(100, KES)])
def test_an_account_takes_amounts_above_zero_in_its_currency_alone(counter, clock, amount):
    command = CashDeposit(counter.account_id, amount, "", "", "", str(new_id()))
    with pytest.raises(AmountNotAccepted), transaction(counter.teller, clock) as inner:
        service.deposit(inner, counter.teller, clock, command)


def test_the_database_refuses_a_balance_below_zero_in_our_words(counter, session, clock, system):
    with pytest.raises(InsufficientFunds), transaction(system, clock) as inner:
        inner.execute(
            text("UPDATE savings_accounts SET ledger_balance_minor = -1 WHERE id = :id"), {"id": counter.account_id}
        )


@pytest.mark.parametrize("amount", [10_000, 2_500_000])
def test_a_teller_neither_pays_themselves_nor_takes_their_own_cash(counter, session, amount):
    counter.deposit(3_000_000)
    owner = savings.owner_of(session, counter.account_id)
    counter.teller = link_member(session, counter.teller_user, owner)
    with pytest.raises(OwnAccount):
        counter.withdraw(amount)
    with pytest.raises(OwnAccount):
        counter.deposit(amount)
    assert counter.balance() == 3_000_000
