"""The vault: nothing leaves it or enters it by one person, its count is signed by two, and the bank confirms."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.errors import MakerIsChecker
from sacco_app.kernel.errors import NotFound, NotPermitted
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.ledger import queries as ledger
from sacco_app.organisation import queries as organisation
from sacco_app.teller import queries, service
from sacco_app.teller.errors import (
    AlreadyBanked,
    CountWaits,
    NothingCounted,
    OwnSlip,
    VaultShortOfCash,
)
from sacco_app.teller.models import Banking
from sacco_app.teller.types import BankCash, CountVault, EnterSlip, FundVault
from sacco_app.transactions import service as transactions
from sacco_app.transactions.errors import NotReversible
from sacco_app.transactions.types import RequestReversal
from tests.factories.access import actor_for, make_user, make_user_everywhere
from tests.factories.counter import make_counter, open_till

IN_VAULT = ((50_000, 940),)


@pytest.fixture
def counter(session, clock):
    made = make_counter(session, clock)
    yield made
    session.expire_all()
    assert proofs.differences(session) == []


@pytest.fixture
def manager(session, clock):
    return actor_for(session, make_user(session, clock, "branch_manager"))


@pytest.fixture
def accountant(session, clock):
    return actor_for(session, make_user_everywhere(session, clock, "accountant"))


@pytest.fixture
def branch(session):
    return organisation.list_branches(session)[0]


@pytest.fixture
def book(session, counter, branch):
    """Balances of the book by the code of the account."""

    def read(code):
        rows = ledger.trial_balance(session, branch.business_date, branch.id, UGX).rows
        return sum(row.net_minor for row in rows if row.code == code)

    return read


def do(verb, counter, actor, *more):
    with transaction(actor, counter.clock) as inner:
        return verb(inner, actor, counter.clock, *more)


def in_vault(counter):
    counter.session.expire_all()
    return queries.vaults(counter.session, counter.head_teller)[0].balance_minor


def fetch(counter, branch, amount=1_000_000, key="fetch"):
    command = FundVault(branch.id, Money(amount, UGX), "Cheque 14", key)
    return do(service.ask_fund_vault, counter, counter.head_teller, command)


def send(counter, branch, checker, counts=((50_000, 100),)):
    """Five million to the bank: the row of the cash on its way."""
    command = BankCash(branch.id, counts, "Okot James, bag 7", str(new_id()))
    asked = do(service.ask_bank_cash, counter, counter.head_teller, command)
    do(approvals.approve, counter, checker, asked)
    counter.session.expire_all()
    return counter.session.scalars(select(Banking)).one()


def count(counter, branch, counts, key="count"):
    return do(service.count_vault, counter, counter.head_teller, CountVault(branch.id, counts, "", key))


def waiting(counter, count_id):
    (row,) = approval_queries.waiting_for(counter.session, f"/teller/counts/{count_id}")
    return row.id


def reverse(counter, checker, transaction_id):
    command = RequestReversal(transaction_id, "entered wrongly", counter.teller.user_id)
    do(transactions.execute_reversal, counter, checker, command, transaction_id)


def test_cash_from_the_bank_is_in_the_vault_once_two_have_counted_it(counter, branch, manager):
    asked, again = fetch(counter, branch), fetch(counter, branch)
    assert asked == again
    assert in_vault(counter) == 47_000_000
    with pytest.raises(MakerIsChecker):
        do(approvals.approve, counter, counter.head_teller, asked)
    with pytest.raises(NotPermitted):
        do(approvals.approve, counter, counter.teller, asked)
    do(approvals.approve, counter, manager, asked)
    assert in_vault(counter) == 48_000_000


def test_the_journal_names_who_fetched_and_who_counted_too(counter, branch, manager, session):
    do(approvals.approve, counter, manager, fetch(counter, branch))
    vault = queries.vault_of(session, branch.id)
    (line,) = ledger.latest_subledger_lines(session, "vault", vault.id, 1)
    journal = ledger.get_journal(session, manager, line.journal_id)
    assert (journal.maker_id, journal.checker_id) == (counter.head_teller.user_id, manager.user_id)


def test_cash_to_the_bank_is_on_its_way_until_the_slip_is_there(counter, branch, manager, accountant, book):
    banking = send(counter, branch, manager)
    assert (in_vault(counter), book("1115"), book("1210")) == (42_000_000, 5_000_000, -50_000_000)
    slip = EnterSlip(banking.id, Money(5_000_000, UGX), "S-1", "slip")
    for custodian in (counter.head_teller, manager):
        with pytest.raises(OwnSlip):
            do(service.enter_slip, counter, custodian, slip)
    with pytest.raises(NotPermitted):
        do(service.enter_slip, counter, counter.teller, slip)
    first = do(service.enter_slip, counter, accountant, slip)
    assert do(service.enter_slip, counter, accountant, slip) == first
    assert (book("1115"), book("1210")) == (0, -45_000_000)
    with pytest.raises(AlreadyBanked):
        do(service.enter_slip, counter, accountant, EnterSlip(banking.id, Money(1, UGX), "S-2", "other"))


@pytest.mark.parametrize(("counted", "short", "over"), [(4_950_000, 50_000, 0), (5_020_000, 0, 20_000)])
def test_what_the_bank_counts_otherwise_is_short_or_over(
    counter, branch, manager, accountant, book, counted, short, over
):
    banking = send(counter, branch, manager)
    do(service.enter_slip, counter, accountant, EnterSlip(banking.id, Money(counted, UGX), "S-1", "slip"))
    assert (book("1115"), book("1830"), -book("2465")) == (0, short, over)


def test_nothing_is_sent_that_is_not_there(counter, branch, manager):
    command = BankCash(branch.id, ((50_000, 941),), "Okot James", "k")
    with pytest.raises(VaultShortOfCash):
        do(service.ask_bank_cash, counter, counter.head_teller, command)
    with pytest.raises(NothingCounted):
        do(service.ask_bank_cash, counter, counter.head_teller, BankCash(branch.id, (), "Okot James", "k"))
    asked = do(service.ask_bank_cash, counter, counter.head_teller, BankCash(branch.id, IN_VAULT, "Okot James", "k"))
    open_till(counter, "2")
    with pytest.raises(VaultShortOfCash):
        do(approvals.approve, counter, manager, asked)


def test_a_count_that_agrees_is_signed_and_posts_nothing(counter, branch, manager, session):
    assert not queries.vault_counted(session, branch.id, branch.business_date).holds
    count_id = count(counter, branch, IN_VAULT)
    assert count(counter, branch, IN_VAULT) == count_id
    with pytest.raises(MakerIsChecker):
        do(approvals.approve, counter, counter.head_teller, waiting(counter, count_id))
    do(approvals.approve, counter, manager, waiting(counter, count_id))
    session.expire_all()
    row = queries.get_count(session, manager, count_id)
    assert (row.state, row.transaction_id, row.signed_by) == ("signed", None, manager.user_id)
    assert queries.vault_counted(session, branch.id, branch.business_date).holds


@pytest.mark.parametrize(
    ("counts", "difference"), [(((50_000, 939),), -50_000), (((50_000, 940), (20_000, 1)), 20_000)]
)
def test_a_difference_is_posted_when_the_second_custodian_signs(counter, branch, manager, book, counts, difference):
    count_id = count(counter, branch, counts)
    assert in_vault(counter) == 47_000_000
    do(approvals.approve, counter, manager, waiting(counter, count_id))
    assert in_vault(counter) == 47_000_000 + difference
    assert book("1830") + book("2465") == -difference


def test_what_moves_while_the_count_waits_does_not_change_the_difference(counter, branch, manager):
    count_id = count(counter, branch, ((50_000, 939),))
    open_till(counter, "2", float_pieces=20)
    do(approvals.approve, counter, manager, waiting(counter, count_id))
    assert in_vault(counter) == 46_000_000 - 50_000


def test_one_count_waits_at_a_time_and_a_refused_one_makes_room(counter, branch, manager):
    count_id = count(counter, branch, ((50_000, 939),))
    with pytest.raises(CountWaits):
        count(counter, branch, IN_VAULT, key="second")
    do(approvals.reject, counter, manager, waiting(counter, count_id), "I count one more")
    assert in_vault(counter) == 47_000_000
    count(counter, branch, IN_VAULT, key="third")


def test_each_movement_of_the_vault_is_taken_back(counter, branch, manager, accountant, session, clock, book):
    second = actor_for(session, make_user(session, clock, "branch_manager", email="second@umoja.example"))
    before = in_vault(counter), book("1115"), book("1210")
    do(approvals.approve, counter, manager, fetch(counter, branch))
    vault = queries.vault_of(session, branch.id)
    fetched = ledger.latest_subledger_lines(session, "vault", vault.id, 1)[0].transaction_id
    reverse(counter, second, fetched)
    banking = send(counter, branch, manager)
    do(service.enter_slip, counter, accountant, EnterSlip(banking.id, Money(4_900_000, UGX), "S-1", "slip"))
    session.expire_all()
    slip = queries.get_banking(session, manager, banking.id).slip_transaction_id
    with pytest.raises(NotReversible):
        reverse(counter, second, banking.transaction_id)
    reverse(counter, second, slip)
    session.expire_all()
    assert queries.get_banking(session, manager, banking.id).state == "in_transit"
    reverse(counter, second, banking.transaction_id)
    session.expire_all()
    assert queries.get_banking(session, manager, banking.id).state == "returned"
    count_id = count(counter, branch, ((50_000, 939),))
    do(approvals.approve, counter, manager, waiting(counter, count_id))
    session.expire_all()
    reverse(counter, second, queries.get_count(session, manager, count_id).transaction_id)
    assert (in_vault(counter), book("1115"), book("1210")) == before
    assert (book("1830"), book("2465")) == (0, 0)


def test_custodians_of_another_branch_have_no_part_in_it(counter, branch, session, clock, manager, other_branch):
    stranger = actor_for(session, make_user(session, clock, "head_teller", other_branch, "far@umoja.example"))
    for verb, command in (
        (service.ask_fund_vault, FundVault(branch.id, Money(1, UGX), "", "a")),
        (service.count_vault, CountVault(branch.id, IN_VAULT, "", "b")),
        (service.ask_bank_cash, BankCash(branch.id, ((50_000, 1),), "x", "c")),
    ):
        with pytest.raises(NotPermitted):
            do(verb, counter, stranger, command)
    banking = send(counter, branch, manager)
    with pytest.raises(NotFound):
        do(service.enter_slip, counter, stranger, EnterSlip(banking.id, Money(1, UGX), "S", "d"))
