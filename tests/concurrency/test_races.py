"""Real commits on real connections: the second of two twins finds the first, and the last shilling is paid once."""

from __future__ import annotations

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import transaction
from sacco_app.members import pins
from sacco_app.members.types import PinOutcome
from sacco_app.savings import queries as savings
from sacco_app.savings.errors import InsufficientFunds
from sacco_app.teller.errors import CountedBefore, NotHandedIn
from sacco_app.teller.types import CountOutcome, Received
from sacco_app.transactions.types import TransactionFacts
from tests.concurrency.conftest import race
from tests.factories.approvals import second_person


def test_a_double_click_deposits_once(app, counter):
    first, second = race(app, *[lambda: counter.deposit(50_000, "same")] * 2)
    assert isinstance(first, TransactionFacts), first
    assert isinstance(second, TransactionFacts), second
    assert first.id == second.id
    assert sorted([first.replayed, second.replayed]) == [False, True]
    counter.session = db.session()
    assert counter.balance() == 156_000


def test_the_last_shilling_is_paid_once(app, counter):
    outcomes = race(app, lambda: counter.withdraw(100_000), lambda: counter.withdraw(100_000))
    kinds = sorted(type(outcome).__name__ for outcome in outcomes)
    assert kinds == ["InsufficientFunds", "TransactionFacts"], outcomes
    assert any(isinstance(outcome, InsufficientFunds) for outcome in outcomes)
    counter.session = db.session()
    assert counter.balance() == 5_000


def test_guesses_at_the_same_time_get_no_extra_tries(app, counter, clock):
    account = savings.get_account(db.session(), Actor.system(), counter.account_id)
    with transaction(counter.teller, clock) as session:
        pin = pins.issue_temporary_pin(session, counter.teller, clock, account.member_id)
    wrong = "7391" if pin != "7391" else "7394"

    def guess():
        with transaction(Actor.system(), clock) as session:
            return pins.verify_pin(session, clock, account.member_id, wrong)

    outcomes = race(app, *[guess] * 6)
    assert sorted(check.tries_left for check in outcomes) == [0, 0, 0, 0, 1, 2]
    assert sum(check.outcome is PinOutcome.WRONG for check in outcomes) == 2


WHOLE, HALF = ((50_000, 62), (1_000, 6)), ((50_000, 31),)


def test_two_custodians_at_once_close_a_till_once(app, counter, clock):
    manager = second_person(db.session(), clock, "branch_manager")
    counter.hand_in(WHOLE)
    outcomes = race(app, *[lambda who=who: counter.receive(who, WHOLE) for who in (counter.head_teller, manager)])
    (closed,) = [one for one in outcomes if isinstance(one, Received)]
    assert closed.outcome == CountOutcome.CLOSED
    assert sum(isinstance(one, NotHandedIn) for one in outcomes) == 1, outcomes


def test_a_custodian_does_not_count_a_till_twice_at_once(app, counter):
    counter.hand_in(WHOLE)
    outcomes = race(app, *[lambda: counter.receive(counter.head_teller, HALF)] * 3)
    assert sum(one == Received(CountOutcome.KEPT) for one in outcomes) == 1, outcomes
    assert sum(isinstance(one, CountedBefore) for one in outcomes) == 2, outcomes
