"""Cash in the middle of the day: it moves once, when the other side has counted it, and the book says so."""

from __future__ import annotations

import pytest

from sacco_app.kernel.errors import NotFound, NotPermitted, SaccoError
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.organisation import queries as organisation
from sacco_app.teller import queries, service
from sacco_app.teller.errors import (
    NothingCounted,
    OfferDecided,
    OffersOpen,
    OwnOffer,
    TillAboveLimit,
    TillFrozen,
    TillNotOpen,
    TillNotTaking,
    TillShortOfCash,
    TillSuspended,
    VaultShortOfCash,
)
from sacco_app.teller.types import CloseTill, MoveKind, OfferCash
from sacco_app.transactions import service as transactions
from sacco_app.transactions.errors import NotReversible
from sacco_app.transactions.types import RequestReversal
from tests.factories.access import actor_for, make_user
from tests.factories.counter import make_counter, open_till

MILLION = ((50_000, 20),)


@pytest.fixture
def counter(session, clock):
    made = make_counter(session, clock)
    yield made
    assert proofs.differences(session) == []


@pytest.fixture
def manager(session, clock):
    return actor_for(session, make_user(session, clock, "branch_manager"))


def offer(counter, actor, kind, to=None, counts=MILLION, key=None):
    with transaction(actor, counter.clock) as inner:
        return service.offer_cash(inner, actor, counter.clock, OfferCash(to, counts, key or str(new_id())), kind)


def take(counter, actor, move_id):
    with transaction(actor, counter.clock) as inner:
        service.take_cash(inner, actor, counter.clock, move_id)


def till_holds(counter, session_id=None):
    counter.session.expire_all()
    return queries.get_session(
        counter.session, counter.head_teller, session_id or counter.till_session_id
    ).balance_minor


def vault_holds(counter):
    counter.session.expire_all()
    return queries.vaults(counter.session, counter.head_teller)[0].balance_minor


def reverse(counter, checker, transaction_id):
    command = RequestReversal(transaction_id, "counted wrongly", counter.teller.user_id)
    with transaction(checker, counter.clock) as inner:
        transactions.execute_reversal(inner, checker, counter.clock, command, transaction_id)


def transaction_of(counter, move_id):
    counter.session.expire_all()
    return queries.get_move(counter.session, counter.head_teller, move_id).transaction_id


def test_a_top_up_moves_when_the_teller_has_counted_it(counter):
    move_id = offer(counter, counter.head_teller, MoveKind.TOP_UP, counter.till_session_id)
    assert (till_holds(counter), vault_holds(counter)) == (3_000_000, 47_000_000)
    with pytest.raises(OwnOffer):
        take(counter, counter.head_teller, move_id)
    take(counter, counter.teller, move_id)
    take(counter, counter.teller, move_id)
    assert (till_holds(counter), vault_holds(counter)) == (4_000_000, 46_000_000)


def test_too_much_cash_goes_back_to_the_vault_once_the_custodian_takes_it(counter):
    move_id = offer(counter, counter.teller, MoveKind.RETURN)
    with pytest.raises(OwnOffer):
        take(counter, counter.teller, move_id)
    take(counter, counter.head_teller, move_id)
    assert (till_holds(counter), vault_holds(counter)) == (2_000_000, 48_000_000)


def test_cash_from_till_to_till_is_for_the_named_teller_alone(counter, session, clock):
    other, other_session = open_till(counter, "2")
    third, _ = open_till(counter, "3")
    move_id = offer(counter, counter.teller, MoveKind.TRANSFER, other_session)
    for nobody in (third, counter.head_teller):
        with pytest.raises(NotPermitted):
            take(counter, nobody, move_id)
    take(counter, other, move_id)
    assert (till_holds(counter), till_holds(counter, other_session)) == (2_000_000, 2_000_000)
    with pytest.raises(OfferDecided):
        take(counter, third, move_id)
    with pytest.raises(OwnOffer):
        offer(counter, counter.teller, MoveKind.TRANSFER, counter.till_session_id)


def test_the_same_offer_twice_is_one(counter):
    first, second = (offer(counter, counter.teller, MoveKind.RETURN, key="k") for _ in range(2))
    assert first == second


def test_what_is_not_there_or_would_be_too_much_is_not_offered(counter):
    with pytest.raises(TillShortOfCash):
        offer(counter, counter.teller, MoveKind.RETURN, counts=((50_000, 61),))
    with pytest.raises(TillAboveLimit):
        offer(counter, counter.head_teller, MoveKind.TOP_UP, counter.till_session_id, ((50_000, 381),))
    with pytest.raises(VaultShortOfCash):
        offer(counter, counter.head_teller, MoveKind.TOP_UP, counter.till_session_id, ((50_000, 941),))
    for nothing in ((), ((50_000, 0),)):
        with pytest.raises(NothingCounted):
            offer(counter, counter.teller, MoveKind.RETURN, counts=nothing)


def test_cash_that_has_gone_meanwhile_is_not_taken(counter):
    counter.deposit(5_000_000)
    move_id = offer(counter, counter.teller, MoveKind.RETURN, counts=((50_000, 150),))
    for _ in range(2):
        counter.withdraw(900_000)
    with pytest.raises(TillShortOfCash):
        take(counter, counter.head_teller, move_id)


def test_a_wrong_count_moves_nothing(counter, clock):
    move_id = offer(counter, counter.head_teller, MoveKind.TOP_UP, counter.till_session_id)
    with transaction(counter.teller, clock) as inner:
        service.refuse_cash(inner, counter.teller, clock, move_id, "one note is missing")
    with pytest.raises(OfferDecided):
        take(counter, counter.teller, move_id)
    assert till_holds(counter) == 3_000_000


def test_an_offer_is_withdrawn_by_whoever_made_it_alone(counter, clock):
    move_id = offer(counter, counter.teller, MoveKind.RETURN)
    with pytest.raises(NotPermitted), transaction(counter.head_teller, clock) as inner:
        service.withdraw_cash(inner, counter.head_teller, clock, move_id)
    with transaction(counter.teller, clock) as inner:
        service.withdraw_cash(inner, counter.teller, clock, move_id)
    with pytest.raises(OfferDecided):
        take(counter, counter.head_teller, move_id)


def test_a_till_does_not_close_while_cash_is_on_its_way(counter, clock):
    offer(counter, counter.head_teller, MoveKind.TOP_UP, counter.till_session_id)
    command = CloseTill(counter.till_session_id, ((50_000, 60),), "", "close")
    with pytest.raises(OffersOpen), transaction(counter.teller, clock) as inner:
        service.close_till(inner, counter.teller, clock, command)


def test_custodians_of_another_branch_neither_see_nor_take(counter, session, clock, other_branch):
    stranger = actor_for(session, make_user(session, clock, "head_teller", other_branch, "far@umoja.example"))
    move_id = offer(counter, counter.teller, MoveKind.RETURN)
    assert queries.open_moves_of_vault(session, stranger) == []
    with pytest.raises(NotFound):
        take(counter, stranger, move_id)
    with pytest.raises(NotFound):
        offer(counter, stranger, MoveKind.TOP_UP, counter.till_session_id)


def test_each_way_is_taken_back_by_a_mirrored_journal(counter, manager):
    other, other_session = open_till(counter, "2")
    before = till_holds(counter), till_holds(counter, other_session), vault_holds(counter)
    ways = (
        (counter.head_teller, counter.teller, MoveKind.TOP_UP, counter.till_session_id),
        (counter.teller, counter.head_teller, MoveKind.RETURN, None),
        (counter.teller, other, MoveKind.TRANSFER, other_session),
    )
    for giver, taker, kind, to in ways:
        move_id = offer(counter, giver, kind, to)
        take(counter, taker, move_id)
        reverse(counter, manager, transaction_of(counter, move_id))
        assert (till_holds(counter), till_holds(counter, other_session), vault_holds(counter)) == before


def test_nothing_comes_back_through_a_till_that_is_closed(counter, clock, manager):
    move_id = offer(counter, counter.teller, MoveKind.RETURN)
    take(counter, counter.head_teller, move_id)
    with transaction(counter.teller, clock) as inner:
        command = CloseTill(counter.till_session_id, ((50_000, 40),), "", "close")
        service.close_till(inner, counter.teller, clock, command)
    with pytest.raises(NotReversible):
        reverse(counter, manager, transaction_of(counter, move_id))


def do(verb, counter, actor, *more):
    with transaction(actor, counter.clock) as inner:
        verb(inner, actor, counter.clock, *more)


def test_on_a_break_nothing_is_posted_at_the_till(counter):
    other, _ = open_till(counter, "2")
    waiting = offer(counter, counter.head_teller, MoveKind.TOP_UP, counter.till_session_id)
    do(service.suspend_till, counter, counter.teller)
    with pytest.raises(TillSuspended):
        counter.deposit(1_000)
    with pytest.raises(TillNotTaking):
        take(counter, counter.teller, waiting)
    with pytest.raises(TillNotTaking):
        offer(counter, other, MoveKind.TRANSFER, counter.till_session_id)
    with pytest.raises(TillSuspended):
        do(service.suspend_till, counter, counter.teller)
    do(service.resume_till, counter, counter.teller)
    counter.deposit(1_000)
    with pytest.raises(TillNotOpen):
        do(service.resume_till, counter, counter.teller)


def test_a_supervisor_stops_a_till_and_alone_lets_it_go_on(counter, session, clock, other_branch):
    do(service.freeze_till, counter, counter.head_teller, counter.till_session_id)
    with pytest.raises(TillFrozen):
        do(service.resume_till, counter, counter.teller)
    with pytest.raises(NotPermitted):
        do(service.release_till, counter, counter.teller, counter.till_session_id)
    stranger = actor_for(session, make_user(session, clock, "head_teller", other_branch, "far@umoja.example"))
    with pytest.raises(NotFound):
        do(service.release_till, counter, stranger, counter.till_session_id)
    do(service.release_till, counter, counter.head_teller, counter.till_session_id)
    counter.deposit(1_000)


def test_a_till_that_is_on_a_break_keeps_the_day_open(counter, session):
    do(service.suspend_till, counter, counter.teller)
    branch = organisation.list_branches(session)[0]
    assert not queries.tills_closed(session, branch.id, branch.business_date).holds
    with pytest.raises(SaccoError):
        do(service.decline_float, counter, counter.teller, counter.till_session_id)
