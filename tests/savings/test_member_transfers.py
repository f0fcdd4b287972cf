"""A member on the telephone: own money, own accounts, and nothing of anybody else's."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import text

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound, NotPermitted
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.members.errors import MemberNotActive
from sacco_app.organisation import service as organisation
from sacco_app.organisation.types import SetParameter
from sacco_app.savings import queries, service
from sacco_app.savings.errors import InsufficientFunds, OwnAccount, SameAccount, TransferToOthersOff
from sacco_app.savings.types import OpenAccount, Transfer
from sacco_app.transactions import queries as transactions
from tests.factories.access import link_member
from tests.factories.counter import make_counter
from tests.factories.members import make_member


@dataclasses.dataclass
class Telephone:
    """Grace with two accounts, and Moses with one of his own."""

    counter: object
    grace: Actor
    first: object
    second: object
    moses: Actor
    other: object

    def send(self, source, target, amount, key=None, actor=None):
        who = actor or self.grace
        command = Transfer(source, target, Money(amount, UGX), "", key or str(new_id()))
        with transaction(who, self.counter.clock) as inner:
            return service.transfer(inner, who, self.counter.clock, command)

    def balances(self):
        self.counter.session.expire_all()
        owners = (self.grace.member_id, self.moses.member_id)
        return [
            a.ledger_balance.minor for owner in owners for a in queries.accounts_of_member(self.counter.session, owner)
        ]


@pytest.fixture
def telephone(session, clock):
    counter = make_counter(session, clock)
    counter.deposit(100_000)
    owner = queries.get_account(session, Actor.system(), counter.account_id).member_id
    other = make_member(session, clock, counter.teller.branch_id, surname="Kato", given_names="Moses")
    with transaction(counter.teller, clock) as inner:
        second = service.open_account(inner, counter.teller, clock, OpenAccount(owner, "REG"))
        third = service.open_account(inner, counter.teller, clock, OpenAccount(other.id, "REG"))
    made = Telephone(
        counter,
        Actor.member(owner, "Grace", "ussd"),
        counter.account_id,
        second,
        Actor.member(other.id, "Moses", "api"),
        third,
    )
    yield made
    assert proofs.differences(session) == []


def test_a_member_moves_money_between_own_accounts(telephone, session):
    facts = telephone.send(telephone.first, telephone.second, 40_000)
    assert telephone.balances() == [60_000, 40_000, 0]
    row = transactions.get_row(session, Actor.system(), facts.id)
    assert (row.channel, row.member_id) == ("ussd", telephone.grace.member_id)


def test_a_member_sends_money_to_another_member(telephone, session):
    receiver = queries.find_receiver(
        session, telephone.grace, queries.get_account(session, Actor.system(), telephone.other).number
    )
    assert (receiver.masked_name, receiver.is_own) == ("K*** M****", False)
    telephone.send(telephone.first, receiver.account_id, 40_000)
    assert telephone.balances() == [60_000, 0, 40_000]


def test_a_member_cannot_take_from_somebody_else_nor_learn_of_the_account(telephone):
    for account_id in (telephone.first, new_id()):
        with pytest.raises(NotFound):
            telephone.send(account_id, telephone.other, 1_000, actor=telephone.moses)
    assert telephone.balances() == [100_000, 0, 0]


def test_a_member_sends_only_what_is_available_and_not_to_the_same_account(telephone):
    with pytest.raises(InsufficientFunds):
        telephone.send(telephone.first, telephone.second, 95_001)
    with pytest.raises(SameAccount):
        telephone.send(telephone.first, telephone.first, 1_000)


def test_transfers_to_others_can_be_switched_off(telephone, clock, system):
    off = SetParameter(
        "transfer.member.to_others", "no", clock.now().date() - timedelta(days=1), "board minute 7", True
    )
    with transaction(system, clock) as inner:
        organisation.set_parameter(inner, system, clock, off)
    with pytest.raises(TransferToOthersOff):
        telephone.send(telephone.first, telephone.other, 1_000)
    telephone.send(telephone.first, telephone.second, 1_000)


def test_keys_belong_to_the_member_and_a_second_sending_does_nothing(telephone):
    first = telephone.send(telephone.first, telephone.second, 40_000, "1")
    again = telephone.send(telephone.first, telephone.second, 40_000, "1")
    assert (again.id, again.replayed) == (first.id, True)
    telephone.counter.deposit(50_000, account_id=telephone.other)
    telephone.send(telephone.other, telephone.first, 10_000, "1", telephone.moses)
    assert telephone.balances() == [70_000, 40_000, 40_000]


def test_a_suspended_member_sends_nothing(telephone, session, clock, system):
    session.execute(text("UPDATE members SET status = 'suspended' WHERE id = :id"), {"id": telephone.grace.member_id})
    with pytest.raises(MemberNotActive):
        telephone.send(telephone.first, telephone.second, 1_000)


def test_staff_without_the_permission_and_members_of_staff_have_no_such_right(telephone, clock):
    clerk = dataclasses.replace(telephone.grace, channel="counter")
    with pytest.raises(NotPermitted):
        telephone.send(telephone.first, telephone.second, 1_000, actor=clerk)


def test_a_mini_statement_is_the_owners_alone(telephone, session):
    telephone.send(telephone.first, telephone.second, 40_000)
    telephone.send(telephone.first, telephone.second, 10_000)
    session.expire_all()
    lines = queries.mini_statement(session, telephone.first, 2, member_id=telephone.grace.member_id)
    assert [(line.debit.minor, line.balance_after.minor) for line in lines] == [(10_000, 50_000), (40_000, 60_000)]
    with pytest.raises(NotFound):
        queries.mini_statement(session, telephone.first, 2, member_id=telephone.moses.member_id)
    (account,) = queries.accounts_of_member(session, telephone.moses.member_id)
    assert account.ledger_balance.minor == 0
    (first, _second) = queries.accounts_of_member(session, telephone.grace.member_id)
    assert (first.ledger_balance.minor, first.available.minor) == (50_000, 45_000)


@pytest.mark.parametrize("act", [service.transfer, service.ask_transfer])
@pytest.mark.parametrize("own", ["first", "other"])
def test_staff_move_no_money_from_or_to_the_own_account_but_do_as_members(telephone, session, act, own):
    counter = telephone.counter
    owner = queries.owner_of(session, getattr(telephone, own))
    teller = link_member(session, counter.teller_user, owner)
    command = Transfer(telephone.first, telephone.other, Money(5_000, UGX), "", str(new_id()))
    with pytest.raises(OwnAccount), transaction(teller, counter.clock) as inner:
        act(inner, teller, counter.clock, command)
    telephone.send(telephone.first, telephone.second, 5_000)
