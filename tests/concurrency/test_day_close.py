"""A day is closed while people still post: every line is in the totals or refused, none between."""

from __future__ import annotations

from sqlalchemy import text

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.ledger import days, proofs
from sacco_app.ledger.errors import DayClosed
from sacco_app.organisation.queries import list_branches
from sacco_app.transactions.types import TransactionFacts
from tests.concurrency.conftest import race


def test_no_line_falls_between_the_close_and_the_totals(app, counter, clock, monkeypatch):
    monkeypatch.setattr("sacco_app.organisation.ports._checkers", {})
    branch = list_branches(db.session())[0]
    db.session.remove()

    def close():
        return run(
            Actor.system(), clock, lambda s: days.close_day(s, Actor.system(), clock, branch.id, branch.business_date)
        )

    outcomes = race(app, *[lambda: counter.deposit(1_000)] * 3, close, *[lambda: counter.deposit(2_000)] * 3)
    assert outcomes[3] is None, outcomes
    others = [outcome for outcome in outcomes if outcome is not None]
    assert all(isinstance(outcome, TransactionFacts | DayClosed) for outcome in others), others
    totals = text("SELECT count(*) FROM journal_lines"), text("SELECT count(*) FROM gl_day_totals")
    assert all(db.session.scalar(query) > 0 for query in totals)
    assert proofs.differences(db.session()) == []
    db.session.remove()
    (refused,) = race(app, lambda: counter.deposit(5_000))
    assert isinstance(refused, DayClosed)
