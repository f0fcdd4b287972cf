"""One transaction for one front door: all of it happens, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from sacco_app.kernel import audit, idempotency, nudges, outbox, reference
from sacco_app.kernel.idempotency import IdempotencyKeyReused, IdempotencyRecord
from sacco_app.kernel.uow import CommitOutsideTransaction, NestedTransaction, after_commit, savepoint, transaction
from sacco_app.savings.models import SavingsAccount
from tests.factories.counter import make_counter


@dataclass(frozen=True)
class Pay:
    amount: int
    idempotency_key: str = "k"


@dataclass(frozen=True)
class Paid:
    topic: ClassVar[str] = "test.paid"
    amount: int


def test_nothing_commits_outside_a_transaction(session):
    with pytest.raises(CommitOutsideTransaction):
        session.commit()
    session.rollback()


def test_transactions_do_not_nest(session, system, clock):
    with pytest.raises(NestedTransaction), transaction(system, clock), transaction(system, clock):
        pass


def test_a_failure_leaves_no_row_and_calls_nobody_back(session, system, clock):
    called = []

    def work():
        with transaction(system, clock) as inner:
            outbox.record(inner, Paid(5))
            after_commit(inner, lambda: called.append(1))
            raise ValueError

    with pytest.raises(ValueError):
        work()
    assert session.scalar(select(func.count()).select_from(outbox.OutboxEvent)) == 0
    assert not called


def test_events_are_written_with_the_transaction(session, system, clock):
    with transaction(system, clock) as inner:
        outbox.record(inner, Paid(5))
    event = session.scalars(select(outbox.OutboxEvent)).one()
    assert (event.topic, event.payload, event.sent_at) == ("test.paid", {"amount": 5}, None)


def test_the_same_command_twice_gives_the_first_result(session, system, clock):
    def claim(command, ref):
        with transaction(system, clock) as inner:
            return idempotency.claim(inner, "test", "k1", command, result_ref=ref, actor_id=system.user_id)

    assert claim(Pay(5), "first").replayed is False
    again = claim(Pay(5), "second")
    assert (again.replayed, again.result_ref) == (True, "first")
    with pytest.raises(IdempotencyKeyReused):
        claim(Pay(6), "third")
    assert session.scalar(select(func.count()).select_from(IdempotencyRecord)) == 1


def test_reference_data_is_read_again_after_a_change(session, system, clock):
    loads = []

    def load(_session):
        loads.append(1)
        return len(loads)

    assert reference.get(session, "test", load) == 1
    assert reference.get(session, "test", load) == 1
    with transaction(system, clock) as inner:
        reference.bump(inner)
    assert reference.get(session, "test", load) == 2


@pytest.mark.parametrize("statement", ["DELETE FROM audit_events", "UPDATE audit_events SET ip = 'x'"])
def test_the_audit_trail_cannot_be_rewritten(session, system, clock, statement):
    with transaction(system, clock) as inner:
        audit.record(inner, "test.looked", ("thing", 1), reason="because")
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))


def test_what_fails_alone_takes_back_what_it_queued_and_meant_to_tell(session, system, clock, monkeypatch):
    told = []
    monkeypatch.setattr(nudges, "_sender", {"it": told.extend})

    def fail(inner):
        with savepoint(inner):
            outbox.record(inner, Paid(6))
            nudges.nudge(inner, "branch:1", "approvals")
            raise ValueError

    with transaction(system, clock) as inner:
        outbox.record(inner, Paid(5))
        nudges.nudge(inner, "branch:1", "till")
        with pytest.raises(ValueError):
            fail(inner)
        with savepoint(inner):
            outbox.record(inner, Paid(7))
    written = session.scalars(select(outbox.OutboxEvent).order_by(outbox.OutboxEvent.id))
    assert [event.payload["amount"] for event in written] == [5, 7]
    assert told == [("branch:1", "till")]


def test_a_balance_is_written_with_what_is_appended_and_only_once(session, clock):
    counter = make_counter(session, clock)
    counter.deposit(50_000)
    with transaction(counter.teller, clock) as inner:
        row = inner.get_one(SavingsAccount, counter.account_id)
        inner.expire(row)
        row.ledger_balance_minor = 60_000
        outbox.record(inner, Paid(5))
        assert inner.scalar(select(SavingsAccount.ledger_balance_minor)) == 60_000
        row.ledger_balance_minor = 70_000
    assert session.scalar(select(SavingsAccount.ledger_balance_minor)) == 70_000
    with transaction(counter.teller, clock) as inner:
        inner.get_one(SavingsAccount, counter.account_id).ledger_balance_minor = 50_000
    assert counter.balance() == 50_000


def test_a_balance_of_a_row_that_is_gone_is_an_error(session, clock):
    counter = make_counter(session, clock)

    def lose():
        with transaction(counter.teller, clock) as inner:
            row = inner.get_one(SavingsAccount, counter.account_id)
            inner.execute(text("DELETE FROM savings_accounts"))
            row.ledger_balance_minor = 60_000

    with pytest.raises(StaleDataError):
        lose()
