"""The evening of a till: it closes by what two people have counted, each for themselves, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sacco_app.approvals import service as approvals
from sacco_app.approvals.errors import MakerIsChecker
from sacco_app.approvals.types import SavePolicy
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotPermitted, SaccoError
from sacco_app.kernel.ids import new_code
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.teller import queries, rules
from sacco_app.teller.errors import (
    CountedBefore,
    CountOutdated,
    CountsDiffer,
    DifferenceTooLarge,
    NotHandedIn,
    RecountNeeded,
)
from sacco_app.teller.types import CountOutcome, Received, TellerPermission
from sacco_app.transactions import queries as transactions
from tests.factories.access import actor_for, make_user, sign_in
from tests.factories.counter import make_counter

EXACT = ((50_000, 60),)
HALF = ((50_000, 30),)
COINS_SHORT = ((50_000, 59), (20_000, 2), (5_000, 1), (2_000, 2), (500, 1), (100, 1))
CLOSED = CountOutcome.CLOSED
KEPT, AGREED = Received(CountOutcome.KEPT), Received(CountOutcome.AGREED)


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
def clerk(session, clock):
    """A custodian who may not approve differences."""
    actor = actor_for(session, make_user(session, clock, "head_teller", email="clerk@umoja.example"))
    return replace(actor, permissions=actor.permissions - {TellerPermission.DIFFERENCE_APPROVE})


def two_custodians(clock):
    with transaction(Actor.system(), clock) as inner:
        approvals.save_policy(inner, Actor.system(), clock, SavePolicy("teller.close-difference", 0, 2))


def decide(counter, actor, request_id, verb=approvals.approve, *words):
    with transaction(actor, counter.clock) as inner:
        return verb(inner, actor, counter.clock, request_id, *words)


def till_of(counter):
    counter.session.expire_all()
    return queries.get_session(counter.session, counter.head_teller, counter.till_session_id)


def vault_holds(counter):
    counter.session.expire_all()
    return queries.vaults(counter.session, counter.head_teller)[0].balance_minor


def stays(counter):
    """Nothing is posted: the book has the float in the till, and it still waits."""
    till = till_of(counter)
    assert (till.state, till.balance_minor, till.recounted_minor, till.received_by, till.difference_minor) == (
        "counting",
        3_000_000,
        None,
        None,
        None,
    )
    assert vault_holds(counter) == 47_000_000


def booked(counter):
    rows = transactions.newest_of_till(counter.session, counter.till_session_id, 50)
    return {(row.kind, row.amount_minor) for row in rows if row.kind in ("till_short", "till_over")}


@pytest.mark.parametrize(
    ("counts", "difference", "kinds"),
    [
        (EXACT, 0, set()),
        (COINS_SHORT, -400, {("till_short", 400)}),
        (((50_000, 59),), -50_000, {("till_short", 50_000)}),
        (((50_000, 61),), 50_000, {("till_over", 50_000)}),
    ],
)
def test_a_till_closes_by_what_teller_and_custodian_have_both_counted(counter, counts, difference, kinds):
    assert counter.hand_in(counts, "k") == counter.hand_in(counts, "k")
    assert vault_holds(counter) == 47_000_000
    done = counter.receive(counter.head_teller, counts, "r")
    assert (done.outcome, done.difference.minor) == (CLOSED, difference)
    assert counter.receive(counter.head_teller, counts, "r") == done
    counted = 3_000_000 + difference
    assert vault_holds(counter) == 47_000_000 + counted
    till = till_of(counter)
    assert (till.state, till.balance_minor, till.counted_minor, till.recounted_minor, till.received_by) == (
        "closed",
        0,
        counted,
        counted,
        counter.head_teller.user_id,
    )
    assert booked(counter) == kinds


@pytest.mark.parametrize(("said", "counted"), [(EXACT, HALF), (HALF, EXACT), (EXACT, COINS_SHORT)])
def test_a_custodian_who_counts_otherwise_than_the_teller_posts_nothing_alone(counter, said, counted):
    asked = counter.hand_in(said)
    assert counter.receive(counter.head_teller, counted) == KEPT
    stays(counter)
    with pytest.raises(CountedBefore):
        counter.receive(counter.head_teller, said)
    with pytest.raises(CountsDiffer):
        decide(counter, counter.head_teller, asked)
    stays(counter)


@pytest.mark.parametrize(("third", "closes"), [(EXACT, 0), (HALF, -1_500_000), (COINS_SHORT, None)])
def test_a_third_person_decides_by_a_count_that_is_the_same_as_one_of_the_two(counter, manager, third, closes):
    asked = counter.hand_in(EXACT)
    counter.receive(counter.head_teller, HALF)
    done = counter.receive(manager, third)
    if closes is None:
        assert done == KEPT
        stays(counter)
        return
    assert (done.outcome, done.difference.minor) == (CLOSED, closes)
    till = till_of(counter)
    assert (till.received_by, till.recounted_minor) == (manager.user_id, 3_000_000 + closes)
    (decisive,) = [row for row in queries.counts_of_hand_in(counter.session, asked) if row.state == "signed"]
    assert decisive.signed_by == (counter.head_teller.user_id if closes else counter.teller.user_id)


def test_the_third_person_may_approve_differences_and_is_neither_of_the_two(counter, manager, clerk, clock):
    asked = counter.hand_in(EXACT)
    counter.receive(counter.head_teller, HALF)
    assert counter.receive(clerk, EXACT) == KEPT
    stays(counter)
    with pytest.raises(DifferenceTooLarge):
        decide(counter, clerk, asked)
    with pytest.raises(RecountNeeded):
        decide(counter, manager, asked)
    with pytest.raises(NotPermitted):
        counter.receive(counter.teller, EXACT)
    assert counter.receive(manager, EXACT).outcome == CLOSED


def test_a_large_difference_that_two_have_counted_takes_the_right_to_approve_it(counter, manager, clerk):
    counter.hand_in(HALF)
    assert counter.receive(clerk, HALF) == KEPT
    stays(counter)
    with pytest.raises(CountedBefore):
        counter.receive(clerk, EXACT)
    assert counter.receive(manager, HALF).difference.minor == -1_500_000


def test_a_count_of_before_closes_nothing_now(counter, manager, clock):
    """Two custodians are asked for; the first count is sent back, and the teller takes more in before the next."""
    two_custodians(clock)
    first = counter.hand_in(EXACT)
    assert counter.receive(counter.head_teller, EXACT) == AGREED
    stays(counter)
    decide(counter, manager, first, approvals.reject, "again")
    till = till_of(counter)
    assert (till.state, till.recounts, till.recounted_minor, till.received_by) == ("opened", None, None, None)
    counter.deposit(4_000_000)
    again = counter.hand_in(((50_000, 140),))
    for actor in (manager, counter.head_teller):
        with pytest.raises(RecountNeeded):
            decide(counter, actor, again)
    assert till_of(counter).state == "counting"
    assert counter.receive(manager, ((50_000, 140),)) == AGREED
    with pytest.raises(RecountNeeded):
        decide(counter, counter.head_teller, again)
    assert not counter.receive(counter.head_teller, ((50_000, 140),)).difference
    assert vault_holds(counter) == 54_000_000


def test_of_two_custodians_both_count_the_same_or_it_is_sent_back(counter, manager, clock):
    two_custodians(clock)
    asked = counter.hand_in(EXACT)
    counter.receive(counter.head_teller, EXACT)
    assert counter.receive(manager, HALF) == KEPT
    stays(counter)
    decide(counter, manager, asked, approvals.reject, "Count it together")
    states = [row.state for row in queries.counts_of_hand_in(counter.session, asked)]
    assert states == ["refused", "refused"]


def test_a_count_closes_nothing_when_the_book_has_moved_since(counter, manager, clock):
    two_custodians(clock)
    asked = counter.hand_in(EXACT)
    assert counter.receive(counter.head_teller, HALF) == KEPT
    assert counter.receive(manager, HALF) == AGREED
    for change, outcome in ((1_000, CountOutdated), (-1_000, None)):
        with transaction(Actor.system(), clock):
            till_of(counter).balance_minor += change
        if outcome:
            with pytest.raises(outcome):
                decide(counter, counter.head_teller, asked)
    decide(counter, counter.head_teller, asked)
    assert (till_of(counter).state, booked(counter)) == ("closed", {("till_short", 1_500_000)})


COUNTS = st.sampled_from([EXACT, HALF, COINS_SHORT])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["hand_in", "head", "manager", "yes", "back"]), COUNTS), max_size=9))
def test_whatever_is_tried_only_a_figure_of_two_people_closes_the_till(session, clock, steps):
    suffix = new_code(6)
    counter = make_counter(session, clock, suffix=suffix)
    manager = actor_for(session, make_user(session, clock, "branch_manager", email=f"m{suffix}@umoja.example"))
    asked, told = None, {}
    for step, counts in steps:
        try:
            if step == "hand_in":
                asked, told = counter.hand_in(counts), {"teller": rules.counted(counts)}
            elif step == "back":
                decide(counter, manager, asked, approvals.reject, "again")
            elif step == "yes":
                decide(counter, manager, asked)
            else:
                counter.receive(manager if step == "manager" else counter.head_teller, counts)
                told[step] = rules.counted(counts)
        except (SaccoError, AssertionError):
            session.expire_all()
        till = till_of(counter)
        assert proofs.differences(session) == []
        if till.state == "closed":
            assert sorted(told.values()).count(till.recounted_minor) >= 2
            return
        assert till.balance_minor == 3_000_000


def test_the_only_custodian_who_is_its_teller_counts_nothing(counter, session, clock):
    asked = counter.hand_in(EXACT)
    with transaction(Actor.system(), clock):
        till_of(counter).teller_id = counter.head_teller.user_id
    with pytest.raises(MakerIsChecker):
        counter.receive(counter.head_teller, EXACT)
    assert queries.counts_of_hand_in(session, asked) == []


def test_a_till_that_is_sent_back_is_open_again_and_says_why(counter):
    with pytest.raises(NotHandedIn):
        counter.take_over(EXACT)
    asked = counter.hand_in(EXACT)
    counter.receive(counter.head_teller, HALF)
    decide(counter, counter.head_teller, asked, approvals.reject, "A packet is open")
    till = till_of(counter)
    assert (till.state, till.sent_back, till.counted_minor) == ("opened", "A packet is open", None)
    counter.hand_in(EXACT)
    assert not counter.take_over(EXACT)


def post(browser, path, **pieces):
    return browser.post(path, data={**pieces, "submission_id": str(uuid4())})


def test_the_pages_say_who_decides_and_no_figure_until_it_is_closed(app, client, session, clock, counter):
    head = sign_in(client, session, clock, make_user(session, clock, "head_teller", email="h2@umoja.example"))
    chief = make_user(session, clock, "branch_manager")
    chief = sign_in(app.test_client(), session, clock, chief)
    counter.deposit(50_000)
    counter.hand_in(((50_000, 61),))
    path = f"/teller/sessions/{counter.till_session_id}"
    done = post(head, f"{path}/receive", pieces_50000="31")
    assert done.status_code == 303
    page = head.get(f"{path}/receive")
    assert "does not close the till" in page.text
    assert "pieces_50000" not in page.text
    assert "Send it back" in page.text
    assert "Who has agreed so far" in page.text
    assert "counted otherwise" in chief.get(f"{path}/receive").text
    pages = ("/", path, f"{path}/receive", f"{path}/certificate", "/teller/tills", "/teller/vault", "/teller/counts")
    pages += ("/teller/sessions", "/teller/counts?format=csv", "/approvals", "/approvals/all")
    for browser in (head, chief):
        for place in pages:
            text = browser.get(place, follow_redirects=True).text
            for figure in ("3,050,000", "1,550,000", "3050000", "1550000"):
                assert figure not in text, place
    assert post(head, f"{path}/receive", pieces_50000="61").status_code == 409
    assert post(chief, f"{path}/receive", pieces_50000="61").status_code == 303
    listed = head.get("/teller/counts?place=hand-in").text
    assert "handed in" in listed
    assert "1,550,000" in listed
    assert "3,050,000" in head.get(path).text


def test_while_a_second_custodian_still_counts_the_first_is_told_no_figure(app, client, session, clock, counter):
    two_custodians(clock)
    head = sign_in(client, session, clock, make_user(session, clock, "head_teller", email="h2@umoja.example"))
    counter.hand_in(HALF)
    path = f"/teller/sessions/{counter.till_session_id}"
    text = post_and_read(head, f"{path}/receive", pieces_50000="30")
    assert "another custodian counts too" in text
    for words in ("is closed by your count", "1,500,000", "short"):
        assert words not in text


def post_and_read(browser, path, **pieces):
    return browser.post(path, data={**pieces, "submission_id": str(uuid4())}, follow_redirects=True).text


def test_a_till_that_was_sent_back_keeps_its_figures_from_who_counts_it_again(client, session, clock, counter):
    counter.deposit(50_000)
    asked = counter.hand_in(EXACT)
    decide(counter, counter.head_teller, asked, approvals.reject, "A packet is open")
    head = sign_in(client, session, clock, make_user(session, clock, "head_teller", email="h2@umoja.example"))
    path = f"/teller/sessions/{counter.till_session_id}"
    page = head.get(path)
    assert page.status_code == 200
    assert "A packet is open" in page.text
    for place in (path, f"{path}/certificate", "/teller/tills", "/teller/vault"):
        assert "3,050,000" not in head.get(place, follow_redirects=True).text, place
