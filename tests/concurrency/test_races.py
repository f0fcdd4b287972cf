"""Real commits on real connections: the second of two twins finds the first, and the last shilling is paid once."""

from __future__ import annotations

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import transaction
from sacco_app.members import pins
from sacco_app.members.types import PinOutcome
from sacco_app.savings import queries as savings
from sacco_app.savings.errors import InsufficientFunds
from sacco_app.transactions.types import TransactionFacts
from tests.concurrency.conftest import race


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
