"""The sheet of a till's day: it adds up to the book, its receipts have no gap, and each looks at what is theirs."""

from __future__ import annotations

import pytest

from sacco_app.kernel.uow import transaction
from sacco_app.teller import queries, service, sheet
from sacco_app.teller.types import CloseTill, MoveKind, OfferCash
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import RequestReversal
from tests.factories.access import actor_for, make_user, sign_in
from tests.factories.counter import make_counter, open_till


@pytest.fixture
def counter(session, clock):
    return make_counter(session, clock)


@pytest.fixture
def manager(session, clock):
    return make_user(session, clock, "branch_manager")


def read(counter, session_id=None):
    counter.session.expire_all()
    row = queries.get_session(counter.session, counter.head_teller, session_id or counter.till_session_id)
    return row, sheet.read(counter.session, row)


def groups(found):
    return {group.label: (group.sign, group.count, group.amount.minor) for group in found.groups}


def hand_over(counter, giver, taker, kind, to=None, pieces=10):
    with transaction(giver, counter.clock) as inner:
        command = OfferCash(to, ((50_000, pieces),), f"{kind}{giver.user_id}")
        move_id = service.offer_cash(inner, giver, counter.clock, command, kind)
    with transaction(taker, counter.clock) as inner:
        service.take_cash(inner, taker, counter.clock, move_id)
    counter.session.expire_all()
    return queries.get_move(counter.session, counter.head_teller, move_id).transaction_id


def reverse(counter, checker, transaction_id):
    command = RequestReversal(transaction_id, "wrong", counter.teller.user_id)
    with transaction(checker, counter.clock) as inner:
        transactions.execute_reversal(inner, checker, counter.clock, command, transaction_id)


def test_a_day_stands_on_its_sheet_group_by_group(counter, session, manager):
    checker = actor_for(session, manager)
    other, other_session = open_till(counter, "2")
    facts = counter.deposit(700_000)
    counter.deposit(300_000)
    counter.withdraw(100_000)
    hand_over(counter, counter.head_teller, counter.teller, MoveKind.TOP_UP, counter.till_session_id)
    hand_over(counter, counter.teller, counter.head_teller, MoveKind.RETURN, pieces=4)
    given = hand_over(counter, counter.teller, other, MoveKind.TRANSFER, other_session, 2)
    hand_over(counter, other, counter.teller, MoveKind.TRANSFER, counter.till_session_id, 3)
    reverse(counter, checker, facts.id)
    reverse(counter, checker, given)
    row, found = read(counter)
    assert groups(found) == {
        "Float of the morning": (1, 1, 3_000_000),
        "Top-ups from the vault": (1, 1, 500_000),
        "From other tills": (1, 1, 150_000),
        "Deposits": (1, 2, 1_000_000),
        "To other tills, taken back": (1, 1, 100_000),
        "Withdrawals": (-1, 1, 100_000),
        "Returned to the vault during the day": (-1, 1, 200_000),
        "To other tills": (-1, 1, 100_000),
        "Deposits, taken back": (-1, 1, 700_000),
    }
    assert found.expected.minor == row.balance_minor
    assert sum(line.change.minor for line in found.lines) == row.balance_minor
    assert (found.missing, found.first_receipt[-4:]) == ([], "0001")
    row, found = read(counter, other_session)
    assert found.expected.minor == row.balance_minor == 850_000
    assert groups(found)["From other tills"] == (1, 1, 100_000)
    assert groups(found)["From other tills, taken back"] == (-1, 1, 100_000)


def test_a_closed_day_keeps_what_was_expected_and_counted(counter, clock):
    counter.deposit(50_000)
    with transaction(counter.teller, clock) as inner:
        command = CloseTill(
            counter.till_session_id, ((50_000, 60), (20_000, 2), (5_000, 1), (2_000, 2), (500, 1)), "", "c"
        )
        service.close_till(inner, counter.teller, clock, command)
    counter.take_over(command.counts)
    _, found = read(counter)
    assert (found.expected.minor, found.counted.minor, found.difference.minor) == (3_050_000, 3_049_500, -500)
    assert sum(line.change.minor for line in found.lines) == 0


@pytest.mark.parametrize(("numbers", "missing"), [([], []), ([7], []), ([3, 1, 2], []), ([1, 2, 5, 7], [3, 4, 6])])
def test_missing_receipts_are_named(numbers, missing):
    assert sheet.gaps(numbers) == missing


def test_a_supervisor_looks_at_any_till_and_stops_it(client, session, clock, counter, manager):
    counter.deposit(50_000)
    browser = sign_in(client, session, clock, manager)
    path = f"/teller/sessions/{counter.till_session_id}"
    page = browser.get(path)
    for words in ("3,050,000", "Float of the morning", "Stop the till", "none is missing"):
        assert words in page.text
    assert browser.post(f"{path}/freeze").status_code == 303
    assert "Stopped by Branch Manager" in browser.get(path).text
    assert browser.post(f"{path}/freeze").status_code == 303
    assert browser.post(f"{path}/release").status_code == 303
    late = browser.post(f"{path}/release")
    assert late.status_code == 409
    assert "NOT CLOSED" in browser.get(f"{path}/certificate").text


def test_a_teller_sees_own_days_alone_and_no_book_while_it_is_counted_again(client, session, clock, counter):
    _, foreign = open_till(counter, "2")
    browser = sign_in(client, session, clock, counter.teller_user)
    own = f"/teller/sessions/{counter.till_session_id}"
    assert browser.get(own).status_code == 200
    assert browser.get(f"/teller/sessions/{foreign}").status_code == 404
    assert browser.get(f"/teller/sessions/{foreign}/certificate").status_code == 404
    assert browser.post(f"/teller/sessions/{foreign}/freeze").status_code == 403
    with transaction(counter.teller, clock) as inner:
        command = CloseTill(counter.till_session_id, ((50_000, 50),), "", "c")
        service.close_till(inner, counter.teller, clock, command)
    assert browser.get(own).status_code == 404
    assert "2,500,000" not in browser.get("/teller/sessions").text


def test_days_are_filtered_and_taken_as_files(client, session, clock, counter, manager):
    with transaction(counter.teller, clock) as inner:
        command = CloseTill(
            counter.till_session_id, ((50_000, 59), (20_000, 2), (5_000, 1), (2_000, 2), (500, 1)), "", "c"
        )
        service.close_till(inner, counter.teller, clock, command)
    counter.take_over(command.counts)
    _, second = open_till(counter, "2")
    browser = sign_in(client, session, clock, manager)
    everything = browser.get("/teller/sessions").text
    assert str(counter.till_session_id) in everything
    assert str(second) in everything
    short = browser.get("/teller/sessions?difference=short").text
    assert "−500" in short
    assert str(second) not in short
    for query in ("difference=over", "state=closed&from=2030-01-01", "till=nonsense&state=counting"):
        assert "No till was open" in browser.get(f"/teller/sessions?{query}").text
    assert "-500" in browser.get("/teller/sessions?format=csv").text
    assert browser.get("/teller/sessions?format=xlsx").status_code == 200
    paper = browser.get(f"/teller/sessions/{counter.till_session_id}/certificate").text
    for words in ("Till certificate T1", "2,999,500", "3,000,000", "−500", "T1-261123-0001"):
        assert words in paper
