"""Partners read the book while it is written: a journal that is committed late is not passed over."""

from __future__ import annotations

from uuid import uuid4

from sacco_app.kernel import appends
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import feed
from sacco_app.organisation.queries import list_branches
from sacco_app.teller import service
from sacco_app.teller.types import CashDeposit
from tests.concurrency.conftest import race
from tests.factories.counter import fund_vault


def seen(app, after=0):
    """The numbers and amounts that a reader with a connection of its own sees."""

    def look():
        rows = feed.journals_after(db.session(), Actor.system(), after, 200)
        return [(row.number, sum(line.debit.minor for line in row.lines)) for row in rows]

    return race(app, look)[0]


def test_a_journal_with_a_lower_number_that_comes_later_is_not_missed(app, clock, counter):
    before = seen(app)
    last = before[-1][0]
    branch_id = list_branches(db.session())[0].id

    def fetch_cash():
        fund_vault(clock, counter.head_teller, branch_id, 777_000)

    with transaction(counter.teller, clock) as slow:
        command = CashDeposit(counter.account_id, Money(123_000, UGX), "", "", "", str(uuid4()))
        service.deposit(slow, counter.teller, clock, command)
        appends.flush(slow)
        assert race(app, fetch_cash) == [None]
        assert seen(app, last) == []
    late = seen(app, last)
    assert [amount for _, amount in late] == [123_000, 777_000]
    assert [number for number, _ in seen(app)] == [number for number, _ in before + late]
    db.session.remove()


def test_the_stream_goes_on_where_it_ended_and_keeps_to_a_day(app, clock, counter):
    numbers = [number for number, _ in seen(app)]
    db.session.remove()
    rows = feed.journals_after(db.session(), Actor.system(), numbers[0], 2)
    assert [row.number for row in rows] == numbers[1:3]
    day = list_branches(db.session())[0].business_date
    assert feed.journals_after(db.session(), Actor.system(), 0, 5, day.replace(year=2020)) == []
    assert len(feed.journals_after(db.session(), Actor.system(), 0, 200, day)) == len(numbers)
    nobody = Actor(uuid4(), "Elsewhere", branch_ids=frozenset({uuid4()}))
    assert feed.journals_after(db.session(), nobody, 0, 200) == []
    db.session.remove()
