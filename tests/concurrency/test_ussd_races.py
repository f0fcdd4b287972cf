"""Two hops of one session at once: the second waits for the first and reads the same screen."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from sacco_app.kernel.db import db
from sacco_app.kernel.ids import new_code
from sacco_app.kernel.uow import transaction
from sacco_app.members import pins
from sacco_app.savings import queries as savings_queries
from sacco_app.savings import service as savings
from sacco_app.savings.types import OpenAccount
from sacco_app.ussd.bank import SaccoBank
from sacco_app.ussd.types import EventKind, UssdEvent
from tests.concurrency.conftest import race
from tests.factories.members import long_ago

PIN = "8351"
ASKED = ("1", "3", "1", "40000", "1")


@pytest.fixture
def member(counter, clock):
    """The counter's member with a second account and a PIN, for good."""
    session = db.session()
    owner = session.execute(
        text("SELECT member_id, phone FROM savings_accounts a JOIN members m ON m.id = a.member_id WHERE a.id = :id"),
        {"id": counter.account_id},
    ).one()
    with transaction(counter.teller, clock) as inner:
        savings.open_account(inner, counter.teller, clock, OpenAccount(owner.member_id, "REG"))
        temporary = pins.issue_temporary_pin(inner, counter.teller, long_ago(clock), owner.member_id)
    with transaction(counter.teller, clock) as inner:
        pins.change_pin(inner, clock, owner.member_id, temporary, PIN)
    db.session.remove()
    return owner


def hop(app, clock, member, session_id, path=None, latest=None):
    """One hop at a gateway that gives everything typed so far (`path`), or the latest input alone."""
    kind = EventKind.START if path == "" or latest == "" else EventKind.INPUT
    event = UssdEvent("race", session_id, member.phone, kind, latest or "", path)
    return app.extensions["ussd_desk"].answer(event, SaccoBank(clock)).text


def transfers():
    db.session.remove()
    return db.session().execute(text("SELECT count(*) FROM transactions WHERE kind = 'transfer'")).scalar()


@pytest.mark.parametrize("accumulates", [True, False], ids=["everything typed", "latest input"])
def test_the_same_hop_twice_at_once_pays_once(app, clock, counter, member, accumulates):
    session_id = new_code(16)

    def send(number):
        typed = ["", *ASKED, PIN][number]
        path = "*".join([*ASKED, PIN][:number]) if accumulates else None
        return hop(app, clock, member, session_id, path, None if accumulates else typed)

    for number in range(len(ASKED) + 1):
        asked = send(number)
        db.session.remove()
    assert asked.startswith("Move UGX 40,000.")
    last = len(ASKED) + 1
    first, second, third = race(app, *[lambda: send(last)] * 3)
    assert first == second == third
    assert str(first).startswith("Moved UGX 40,000"), first
    assert transfers() == 1
    held = savings_queries.accounts_of_member(db.session(), member.member_id)
    assert [one.ledger_balance.minor for one in held] == [66_000, 40_000]
    db.session.remove()
