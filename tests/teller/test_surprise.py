"""The surprise count: a supervisor stops a till, counts it blind, and a large difference takes a second person."""

from __future__ import annotations

from uuid import uuid4

import pytest

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.errors import CheckerBenefits, MakerIsChecker
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.teller import queries, service, sheet
from sacco_app.teller.errors import CountOpen, CountWaits, OwnTill, TillNotStopped
from sacco_app.teller.types import CloseTill, CountState, CountTill
from tests.factories.access import actor_for, make_user, sign_in
from tests.factories.counter import make_counter

EXACT = ((50_000, 60),)
WITHIN = ((50_000, 59), (20_000, 2), (5_000, 1), (2_000, 2), (500, 1), (100, 1))
SHORT = ((50_000, 59), (20_000, 2), (5_000, 1))
OVER = ((50_000, 60), (20_000, 1))


@pytest.fixture
def counter(session, clock):
    made = make_counter(session, clock)
    yield made
    session.expire_all()
    assert proofs.differences(session) == []


@pytest.fixture
def manager(session, clock):
    return actor_for(session, make_user(session, clock, "branch_manager"))


def stop(counter, who=None):
    actor = who or counter.head_teller
    with transaction(actor, counter.clock) as inner:
        service.freeze_till(inner, actor, counter.clock, counter.till_session_id)


def release(counter):
    with transaction(counter.head_teller, counter.clock) as inner:
        service.release_till(inner, counter.head_teller, counter.clock, counter.till_session_id)


def count(counter, pieces, who=None, key=None):
    actor = who or counter.head_teller
    command = CountTill(counter.till_session_id, pieces, "", key or str(new_id()))
    with transaction(actor, counter.clock) as inner:
        count_id = service.count_till(inner, actor, counter.clock, command)
    return queries.get_count(counter.session, counter.head_teller, count_id)


def till_of(counter):
    counter.session.expire_all()
    return queries.get_session(counter.session, counter.head_teller, counter.till_session_id)


def decide(counter, actor, row, verb=approvals.approve, *words):
    (asked,) = approval_queries.waiting_for(counter.session, f"/teller/counts/{row.id}")
    with transaction(actor, counter.clock) as inner:
        return verb(inner, actor, counter.clock, asked.id, *words)


@pytest.mark.parametrize("pieces", [EXACT, WITHIN])
def test_within_the_tolerance_a_count_is_recorded_and_nothing_is_booked(counter, pieces):
    stop(counter)
    row = count(counter, pieces)
    assert (row.state, row.book_minor) == (CountState.RECORDED, 3_000_000)
    assert till_of(counter).balance_minor == 3_000_000


@pytest.mark.parametrize(("pieces", "difference", "group"), [(SHORT, -5_000, "Short"), (OVER, 20_000, "Over")])
def test_a_large_difference_is_booked_when_another_person_agrees(counter, manager, pieces, difference, group):
    stop(counter)
    row = count(counter, pieces)
    assert (row.state, till_of(counter).balance_minor) == (CountState.WAITING, 3_000_000)
    with pytest.raises(MakerIsChecker):
        decide(counter, counter.head_teller, row)
    release(counter)
    counter.deposit(50_000)
    decide(counter, manager, row)
    till = till_of(counter)
    assert (row.state, till.balance_minor) == (CountState.SIGNED, 3_050_000 + difference)
    day = sheet.read(counter.session, till)
    assert day.expected.minor == till.balance_minor
    assert any(one.label.startswith(group) for one in day.groups)


def test_a_refused_count_books_nothing_and_the_till_is_counted_anew(counter, manager):
    stop(counter)
    row = count(counter, SHORT)
    with pytest.raises(CountWaits):
        count(counter, SHORT)
    decide(counter, manager, row, approvals.reject, "A packet was overlooked")
    assert (row.state, till_of(counter).balance_minor) == (CountState.REFUSED, 3_000_000)
    assert count(counter, EXACT).state == CountState.RECORDED


def test_only_a_till_that_a_supervisor_has_stopped_is_counted(counter, session, clock):
    with pytest.raises(TillNotStopped):
        count(counter, EXACT)
    with transaction(counter.teller, clock) as inner:
        service.suspend_till(inner, counter.teller, clock)
    with pytest.raises(TillNotStopped):
        count(counter, EXACT)
    stop(counter)
    with pytest.raises(NotPermitted):
        count(counter, EXACT, counter.teller)
    assert count(counter, EXACT, key="k").id == count(counter, EXACT, key="k").id


def test_nobody_counts_or_judges_the_own_till(counter, session, clock, manager):
    stop(counter, manager)
    with transaction(manager, clock):
        till_of(counter).teller_id = counter.head_teller.user_id
    with pytest.raises(OwnTill):
        count(counter, EXACT)
    waiting = count(counter, SHORT, manager)
    with pytest.raises(CheckerBenefits):
        decide(counter, counter.head_teller, waiting)


def test_a_till_is_not_handed_in_while_its_difference_is_open(counter, clock, manager):
    stop(counter)
    row = count(counter, SHORT)
    release(counter)

    def hand_in():
        with transaction(counter.teller, clock) as inner:
            service.close_till(
                inner, counter.teller, clock, CloseTill(counter.till_session_id, SHORT, "", str(new_id()))
            )

    with pytest.raises(CountOpen):
        hand_in()
    decide(counter, manager, row)
    hand_in()
    assert not counter.take_over(SHORT)


def test_the_page_of_a_count_is_blind_and_the_list_shows_it(client, app, counter, session, clock):
    head = sign_in(client, session, clock, make_user(session, clock, "head_teller", email="h2@umoja.example"))
    path = f"/teller/sessions/{counter.till_session_id}"
    assert "Stop the till" in head.get(f"{path}/count").text
    assert head.post(f"{path}/freeze").status_code == 303
    assert f'href="{path}/count"' in head.get(path).text
    for blind in (path, "/teller/tills"):
        assert "3,000,000" not in head.get(blind).text
    assert head.get(f"{path}/certificate").location == path
    page = head.get(f"{path}/count")
    assert "3,000,000" not in page.text
    assert head.post(f"{path}/count", data={"submission_id": str(uuid4())}).status_code == 422
    done = head.post(f"{path}/count", data={"pieces_50000": "59", "submission_id": str(uuid4())})
    assert done.status_code == 303
    paper = head.get(done.location)
    assert "Count of till T1" in paper.text
    assert "-50,000" in paper.text.replace("−", "-")
    assert "3,000,000" in head.get(path).text
    listed = head.get("/teller/counts?place=till&difference=short")
    assert done.location in listed.text
    assert "-50000" in head.get("/teller/counts?format=csv").text
    for nothing in ("place=vault", "difference=over", "state=signed", "from=2030-01-01"):
        assert "Nothing was counted" in head.get(f"/teller/counts?{nothing}").text
    teller = sign_in(app.test_client(), session, clock, counter.teller_user)
    for closed in (f"{path}/count", "/teller/counts", done.location):
        assert teller.get(closed).status_code == 403
