"""Who waits for a turn holds no other that somebody may want; what the database ends all the same is done once more."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from sacco_app.kernel import outbox, uow
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.savings import queries, service
from sacco_app.savings.types import OpenAccount
from tests.concurrency.conftest import race
from tests.factories.tariff import set_limit
from tests.kernel.test_uow import Paid

TAKE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
TRY = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
REPEATABLE = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
HOLD = text("UPDATE savings_accounts SET held_minor = held_minor + 1 WHERE id = :id")
TOLD = text("SELECT (payload ->> 'amount')::int FROM outbox WHERE topic = 'test.paid' ORDER BY 1")


def owner_of(counter):
    return queries.get_account(db.session(), Actor.system(), counter.account_id).member_id


def test_a_withdrawal_that_waits_for_one_turn_does_not_hold_the_other(app, counter, clock):
    set_limit(clock, "withdrawal", counted_for="maker", max_day_minor=90_000)
    member = f"withdrawal:member:{owner_of(counter)}"
    db.session.remove()
    paid = []

    def pay():
        with app.app_context():
            paid.append(counter.withdraw(1_000))
            db.session.remove()

    with db.engine.connect() as other, db.engine.connect() as watcher:
        other.execute(TAKE, {"name": f"withdrawal:maker:{counter.teller.user_id}"})
        waits = Thread(target=pay)
        waits.start()
        while not watcher.scalar(WAITING):
            assert waits.is_alive()
        free = other.scalar(TRY, {"name": member})
        other.rollback()
        waits.join()
    assert free
    assert len(paid) == 1


@pytest.fixture
def accounts(counter, clock):
    """Two rows for two transactions to change."""
    owner = owner_of(counter)
    with uow.transaction(counter.teller, clock) as session:
        second = service.open_account(session, counter.teller, clock, OpenAccount(owner, "REG"))
    db.session.remove()
    return counter.account_id, second


class Meeting:
    """Two jobs that meet in the middle of their first try, and so come into each other's way."""

    def __init__(self, clock):
        self.clock, self.together, self.tries = clock, Barrier(2), {1: 0, 2: 0}

    def job(self, number, work):
        def tried(session):
            self.tries[number] += 1
            outbox.record(session, Paid(number))
            work(session, self.together.wait if self.tries[number] == 1 else lambda timeout: None)
            return number

        return lambda: uow.run(Actor.system(), self.clock, tried)


def cross(first, second):
    def work(session, meet):
        session.execute(HOLD, {"id": first})
        meet(timeout=20)
        session.execute(HOLD, {"id": second})

    return work


def test_of_two_that_wait_for_each_other_one_starts_anew(app, counter, clock, accounts):
    meeting = Meeting(clock)
    one, other = accounts
    outcomes = race(app, meeting.job(1, cross(one, other)), meeting.job(2, cross(other, one)))
    assert outcomes == [1, 2]
    assert sum(meeting.tries.values()) == 3
    assert db.session.scalars(TOLD).all() == [1, 2]
    assert db.session.scalars(text("SELECT held_minor FROM savings_accounts")).all() == [2, 2]


def test_who_read_what_another_changed_starts_anew(app, counter, clock, accounts):
    def work(session, meet):
        session.execute(REPEATABLE)
        session.execute(text("SELECT held_minor FROM savings_accounts"))
        meet(timeout=20)
        session.execute(HOLD, {"id": accounts[0]})

    meeting = Meeting(clock)
    assert race(app, meeting.job(1, work), meeting.job(2, work)) == [1, 2]
    assert sum(meeting.tries.values()) == 3
    assert db.session.scalars(TOLD).all() == [1, 2]
    assert db.session.scalar(text("SELECT max(held_minor) FROM savings_accounts")) == 2
