"""A day's limit and the one original of a receipt hold when two come at once."""

from __future__ import annotations

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.savings import queries, service
from sacco_app.savings.types import OpenAccount, Transfer
from sacco_app.teller import service as teller
from sacco_app.teller.types import CashWithdrawal, PendingApproval
from sacco_app.transactions import service as transactions
from sacco_app.transactions.errors import AboveLimitOfDay
from tests.concurrency.conftest import race
from tests.factories.counter import open_till
from tests.factories.tariff import set_limit


def test_two_accounts_of_a_member_share_the_day_however_close_they_come(app, counter, clock):
    set_limit(clock, "transfer", max_day_minor=60_000)
    owner = queries.get_account(db.session(), Actor.system(), counter.account_id).member_id
    member = Actor.member(owner, "Grace", "ussd")
    with transaction(counter.teller, clock) as session:
        second = service.open_account(session, counter.teller, clock, OpenAccount(owner, "REG"))
    counter.deposit(106_000, account_id=second)
    db.session.remove()

    def send(source, target):
        command = Transfer(source, target, Money(40_000, UGX), "", str(new_id()))
        with transaction(member, clock) as session:
            return service.transfer(session, member, clock, command)

    first, other = counter.account_id, second
    outcomes = race(app, lambda: send(first, other), lambda: send(other, first))
    assert sum(isinstance(one, AboveLimitOfDay) for one in outcomes) == 1, outcomes


def test_two_printers_at_once_print_one_original(app, counter, clock):
    facts = counter.deposit(1_000)
    db.session.remove()

    def print_it():
        with transaction(counter.teller, clock) as session:
            return transactions.print_receipt(session, counter.teller, clock, facts.id)

    assert sorted(race(app, print_it, print_it, print_it)) == [0, 1, 2]


def test_two_tills_at_once_do_not_pay_in_parts_what_needs_a_second_person(app, counter, clock):
    counter.session = db.session()
    counter.deposit(1_900_000)
    other, _ = open_till(counter, "2", float_pieces=40)
    db.session.remove()

    def pay(who):
        command = CashWithdrawal(counter.account_id, Money(600_000, UGX), "", "", str(new_id()))
        with transaction(who, clock) as session:
            return teller.withdraw(session, who, clock, command)

    outcomes = race(app, lambda: pay(counter.teller), lambda: pay(other))
    assert sum(isinstance(one, PendingApproval) for one in outcomes) == 1, outcomes
