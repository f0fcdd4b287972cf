"""The money of a member who died goes to the heirs by their shares, to the last coin, and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from sacco_app.approvals import service as approvals
from sacco_app.approvals.errors import CheckerBenefits, MakerIsChecker
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.ids import new_code, new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.members import estates as settlements
from sacco_app.members import service as members
from sacco_app.members.errors import (
    EstateNotOpen,
    MemberBarred,
    NobodyNamed,
    NominationBinds,
    NotDeceased,
    StillBound,
)
from sacco_app.members.types import AskEstate, DocumentKind, EstateBasis, Kin, MemberStatus
from sacco_app.savings import estates, queries, rules, service
from sacco_app.savings.errors import AlreadyAsked, DueChanged, GuardianNeeded, NothingDue
from sacco_app.savings.types import OpenAccount, PayHeir, Transfer
from sacco_app.teller import service as teller
from sacco_app.transactions import service as transactions
from sacco_app.transactions.errors import NotReversible
from sacco_app.transactions.types import RequestReversal
from tests.factories.access import link_member, make_user, sign_in
from tests.factories.approvals import second_person
from tests.factories.counter import make_counter
from tests.factories.members import make_member
from tests.members.conftest import upload

PETER = Kin("Okot Peter", "Son", "+256772000001", Decimal("66.67"))
ROSE = Kin("Okot Rose", "Daughter", "", Decimal("33.33"), date(2015, 5, 1), "Guardian: Auma Jane, aunt")


@dataclass
class Estate:
    """A teller's till, a manager, and a member with money who has died."""

    session: object
    clock: object
    counter: object
    manager: Actor
    member_id: UUID
    account_id: UUID

    def do(self, who, verb, *args):
        with transaction(who, self.clock) as inner:
            return verb(inner, who, self.clock, *args)

    def approve(self, request_id, who=None):
        outcome = self.do(who or self.manager, approvals.approve, request_id, "Seen")
        self.session.expire_all()
        return outcome

    def dies(self):
        asked = self.do(Actor.system(), members.ask_status, self.member_id, MemberStatus.DECEASED, "Certificate 4711")
        self.approve(asked)

    def settle(self, **over):
        papers = {"certificate_number": "DC 4711", "certificate": upload(DocumentKind.DEATH_CERTIFICATE)}
        known = {"basis": EstateBasis.KIN, "died_on": date(2026, 11, 1)} | papers | over
        command = AskEstate(self.member_id, **known)
        self.approve(self.do(Actor.system(), members.ask_estate, command))
        return settlements.open_estate(self.session, self.member_id)

    def account(self):
        self.session.expire_all()
        return queries.get_account(self.session, Actor.system(), self.account_id)

    def dues(self):
        estate = settlements.open_estate(self.session, self.member_id)
        return [one.due.minor for one in estates.dues(self.session, estate, self.account())]

    def ask(self, heir, amount, to=None, paid_to="", key=None):
        command = PayHeir(
            heir.id, self.account_id, Money(amount, UGX), paid_to or heir.name, "ID", key or str(new_id()), to
        )
        return self.do(self.counter.teller, service.ask_payout_to_account if to else teller.ask_heir_cash, command)

    def pay(self, heir, amount, to=None, paid_to=""):
        """Ask, allow, carry out: the transaction's id."""
        asked = self.ask(heir, amount, to, paid_to)
        self.approve(asked)
        if not to:
            self.do(self.counter.teller, approvals.execute, asked)
        return asked

    def take_back(self, transaction_id):
        command = RequestReversal(transaction_id, "wrong person", self.counter.teller.user_id)
        self.do(self.counter.head_teller, transactions.execute_reversal, command, new_id())
        self.session.expire_all()


def make_estate(session, clock, kin=(PETER, ROSE), balance=100_001, suffix=""):
    counter = make_counter(session, clock, suffix=suffix)
    branch = counter.teller.branch_id
    member = make_member(session, clock, branch, next_of_kin=kin, surname="Okot", given_names="Grace")
    made = Estate(
        session, clock, counter, second_person(session, clock, "branch_manager"), member.id, counter.account_id
    )
    made.account_id = made.do(counter.teller, service.open_account, OpenAccount(member.id, "REG"))
    if balance:
        counter.deposit(balance, account_id=made.account_id)
    return made


@pytest.fixture
def estate(session, clock):
    made = make_estate(session, clock)
    made.dies()
    yield made
    assert proofs.differences(session) == []


def lines(session, transaction_id):
    session.expire_all()
    return session.execute(
        text(
            "SELECT g.code, l.debit_minor, l.credit_minor FROM journal_lines l"
            " JOIN journals j ON j.id = l.journal_id JOIN gl_accounts g ON g.id = l.gl_account_id"
            " WHERE j.transaction_id = :id ORDER BY l.debit_minor DESC"
        ),
        {"id": transaction_id},
    ).all()


def test_heirs_are_paid_their_parts_in_cash_and_to_an_account_and_the_last_coin_closes_it(session, estate):
    peter, rose = estate.settle().heirs
    assert estate.dues() == [66_671, 33_330]
    cash = estate.pay(peter, 66_671)
    assert [tuple(line) for line in lines(session, cash)] == [("2110", 66_671, 0), ("1120", 0, 66_671)]
    assert estate.dues() == [0, 33_330]
    with pytest.raises(GuardianNeeded):
        estate.ask(rose, 33_330)
    paid = estate.pay(rose, 33_330, to=estate.counter.account_id, paid_to="Auma Jane")
    assert [tuple(line) for line in lines(session, paid)] == [("2110", 33_330, 0), ("2110", 0, 33_330)]
    assert (estate.account().status, estate.account().ledger_balance.minor) == ("closed", 0)
    assert estate.counter.balance() == 33_330
    asked = estate.do(Actor.system(), members.ask_status, estate.member_id, MemberStatus.EXITED, "Settled")
    estate.approve(asked)


def test_nothing_leaves_for_anybody_else_and_money_still_comes_in(session, estate):
    command = Transfer(estate.account_id, estate.counter.account_id, Money(1_000, UGX), "", "k")
    with pytest.raises(MemberBarred):
        estate.do(estate.counter.teller, service.transfer, command)
    with pytest.raises(NominationBinds):
        estate.do(Actor.system(), members.change_kin, estate.member_id, (Kin("Me", "Friend", "", Decimal(100)),))
    with pytest.raises(StillBound):
        estate.do(Actor.system(), members.ask_status, estate.member_id, MemberStatus.EXITED, "Settled")
    peter, _ = estate.settle().heirs
    estate.pay(peter, 66_671)
    estate.counter.deposit(900, account_id=estate.account_id)
    assert sum(estate.dues()) == estate.account().ledger_balance.minor
    assert estate.dues()[0] == 600


def test_each_payout_takes_two_people_and_the_owner_of_the_account_is_neither(session, clock, estate):
    peter, _ = estate.settle().heirs
    asked = estate.ask(peter, 66_671, to=estate.counter.account_id)
    with pytest.raises(MakerIsChecker):
        estate.approve(asked, Actor(estate.counter.teller.user_id, "Teller", branch_ids=None, is_system=True))
    with pytest.raises(AlreadyAsked):
        estate.ask(peter, 66_671, to=estate.counter.account_id)
    receiver = queries.owner_of(session, estate.counter.account_id)
    user = make_user(session, clock, "branch_manager", email="heir@umoja.example")
    link_member(session, user, receiver)
    estate.do(estate.counter.teller, approvals.cancel, asked)
    again = estate.ask(peter, 66_671, to=estate.counter.account_id)
    with pytest.raises(CheckerBenefits):
        estate.approve(again, Actor(user.id, "Heir", branch_ids=None, is_system=True, member_id=receiver))


def test_the_same_command_twice_is_one_request_and_no_other_amount_is_paid(estate):
    peter, _ = estate.settle().heirs
    with pytest.raises(DueChanged):
        estate.ask(peter, 66_672)
    assert estate.ask(peter, 66_671, key="one") == estate.ask(peter, 66_671, key="one")


def test_a_payout_is_taken_back_and_the_account_is_open_again(session, estate):
    peter, rose = estate.settle().heirs
    first = estate.pay(peter, 66_671)
    second = estate.pay(rose, 33_330, to=estate.counter.account_id, paid_to="Auma Jane")
    for one in (first, second):
        estate.take_back(one)
    assert estate.dues() == [66_671, 33_330]
    assert (estate.account().status, estate.account().ledger_balance.minor) == ("active", 100_001)
    estate.pay(peter, 66_671)
    third = estate.pay(rose, 33_330, to=estate.counter.account_id, paid_to="Auma Jane")
    asked = estate.do(Actor.system(), members.ask_status, estate.member_id, MemberStatus.EXITED, "Settled")
    estate.approve(asked)
    with pytest.raises(NotReversible):
        estate.take_back(third)


def test_an_administrator_with_a_letter_is_paid_the_rest_when_the_nomination_falls(estate):
    peter, _ = estate.settle().heirs
    estate.pay(peter, 66_671)
    letter = {
        "administrator": "Auma Jane",
        "letter_number": "HCT 12/2026",
        "letter": upload(DocumentKind.ESTATE_LETTER),
    }
    (administrator,) = estate.settle(basis=EstateBasis.LETTER, **letter).heirs
    with pytest.raises(EstateNotOpen):
        estate.ask(peter, 1)
    assert estate.dues() == [33_330]
    estate.pay(administrator, 33_330)
    with pytest.raises(NothingDue):
        estate.ask(administrator, 1)


def test_a_wrong_report_ends_the_settlement(estate):
    peter, _ = estate.settle().heirs
    asked = estate.do(Actor.system(), members.ask_status, estate.member_id, MemberStatus.ACTIVE, "Another Grace")
    estate.approve(asked)
    with pytest.raises(EstateNotOpen):
        estate.ask(peter, 66_671)


def test_who_named_nobody_is_settled_by_letter_alone_and_the_living_not_at_all(session, clock):
    made = make_estate(session, clock, kin=())
    with pytest.raises(NotDeceased):
        made.settle()
    made.dies()
    with pytest.raises(NobodyNamed):
        made.settle()


@given(
    st.integers(0, 10**12),
    st.lists(st.integers(1, 10_000), min_size=1, max_size=8),
    st.lists(st.integers(0, 10**9), max_size=8),
)
def test_parts_sum_to_the_whole_and_what_is_due_can_be_paid(payable, weights, earlier):
    total = sum(weights)
    cents = [weight * 10_000 // total for weight in weights]
    cents[0] += 10_000 - sum(cents)
    shares = sorted(((UUID(int=n), Decimal(c) / 100) for n, c in enumerate(cents)), key=lambda one: -one[1])
    paid = {UUID(int=n): amount for n, amount in enumerate(earlier) if n < len(cents)}
    found = rules.parts(payable, paid, shares)
    assert sum(part for part, _ in found.values()) == payable + sum(paid.values())
    assert all(0 <= due <= payable for _, due in found.values())
    assert sum(due for _, due in found.values()) >= payable  # somebody can always be paid: it comes to an end


STEPS = st.one_of(
    st.tuples(st.just("pay"), st.integers(0, 2), st.booleans()),
    st.tuples(st.just("deposit"), st.integers(1, 300_000)),
    st.tuples(st.just("reverse"), st.integers(0, 9)),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=8), st.integers(1, 1_000_000))
def test_in_any_order_the_heirs_get_everything_and_the_book_holds(session, clock, steps, balance):
    kin = tuple(Kin(name, "Child", "", Decimal(share)) for name, share in (("A", "50"), ("B", "33.33"), ("C", "16.67")))
    made = make_estate(session, clock, kin, balance, suffix=new_code(6))
    made.dies()
    heirs = made.settle().heirs
    paid, came = [], balance
    for kind, which, *rest in steps:
        dues = made.dues()
        if kind == "pay" and dues[which]:
            to = made.counter.account_id if rest[0] else None
            paid.append((made.pay(heirs[which], dues[which], to), dues[which]))
        elif kind == "deposit" and made.account().status != "closed":
            made.counter.deposit(which, account_id=made.account_id)
            came += which
        elif kind == "reverse" and paid:
            one, _ = paid.pop(which % len(paid))
            made.take_back(one)
        assert made.account().ledger_balance.minor + sum(amount for _, amount in paid) == came
        assert sum(made.dues()) >= made.account().ledger_balance.minor
    for heir, due in zip(heirs, made.dues(), strict=True):
        left = made.account().ledger_balance.minor
        if min(due, left):
            made.pay(heir, dict(zip(heirs, made.dues(), strict=True))[heir], None)
    assert proofs.differences(session) == []


def test_the_pages_lead_from_the_papers_to_the_payout(client, session, clock, estate):
    sign_in(client, session, clock, make_user(session, clock, "loan_officer", email="officer@umoja.example"))
    page = f"/members/{estate.member_id}/estate"
    assert "Hand in the death certificate" in client.get(page).text
    bad = client.post(page, data={"basis": "letter", "died_on": "2026-11-01", "certificate_number": "DC 4711"})
    assert bad.status_code == 422
    for words in ("Choose the scan", "Enter whom the letter names", "Enter the number of the letter", "DC 4711"):
        assert words in bad.text
    estate.settle()
    shown = client.get(page).text
    assert "Okot Peter" in shown
    assert "66,671" in shown
    account = client.get(f"/savings/accounts/{estate.account_id}").text
    assert page in account
    assert "Close account" not in account
