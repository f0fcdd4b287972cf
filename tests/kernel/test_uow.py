"""One transaction for one front door: all of it happens, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from sacco_app.kernel import audit, idempotency, outbox, reference
from sacco_app.kernel.idempotency import IdempotencyKeyReused, IdempotencyRecord
from sacco_app.kernel.uow import CommitOutsideTransaction, NestedTransaction, after_commit, transaction


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
