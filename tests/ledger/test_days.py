"""Days that are closed: their totals are their lines, whatever is posted later, and old figures need no lines."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import days, proofs, queries
from sacco_app.ledger.errors import DayClosed, DayOutOfOrder
from sacco_app.organisation import ports
from sacco_app.organisation import queries as organisation
from sacco_app.organisation import service as branches
from sacco_app.organisation.errors import DayNotReady
from sacco_app.organisation.types import SaveBranch
from tests.factories.access import actor_for, make_user
from tests.ledger.builders import DAY, draft, leg, post
from tests.ledger.scenario import EVENTS, TRIAL_BALANCE
from tests.ledger.test_service import reverse

SATURDAY = DAY - timedelta(days=2)


@pytest.fixture(autouse=True)
def no_sub_ledgers(monkeypatch):
    """These books are posted without the rooms that hold sub-ledgers."""
    monkeypatch.setattr("sacco_app.ledger.ports._sources", {})


@pytest.fixture
def checker(session, clock):
    return actor_for(session, make_user(session, clock, "branch_manager", all_branches=True))


def close(actor, clock, branch, day=DAY):
    with transaction(actor, clock) as session:
        days.close_day(session, actor, clock, branch.id, day)


def works_on(session, branch, day):
    session.execute(text("UPDATE branches SET business_date = :day WHERE id = :id"), {"day": day, "id": branch.id})
    session.expire_all()


def cash(actor, clock, branch, minor=700, **over):
    return post(actor, clock, draft("J-04", branch.id, leg("cash", minor), leg("savings", -minor), **over))


def figures(session, as_of=DAY, branch=None):
    book = queries.trial_balance(session, as_of, branch.id if branch else None)
    assert book.is_balanced
    return {row.code: row.net_minor for row in book.rows}


def by_lines(session, as_of=DAY):
    """The trial balance summed from the lines alone."""
    query = text(
        "SELECT code, sum(debit_minor - credit_minor) FROM journal_lines JOIN gl_accounts a ON a.id = gl_account_id"
        " WHERE business_date <= :day GROUP BY code HAVING sum(debit_minor - credit_minor) <> 0"
    )
    return {code: int(net) for code, net in session.execute(query, {"day": as_of})}


def test_the_scenario_of_the_handbook_through_closed_days(session, system, clock, branch):
    works_on(session, branch, SATURDAY)
    for number, (kind, product, legs) in enumerate(EVENTS):
        day = SATURDAY if number < 11 else DAY
        lines = [leg(name, minor, account_code=name if name.isdigit() else None) for name, minor in legs.items()]
        post(system, clock, draft(kind, branch.id, *lines, product=product, business_date=day))
    close(system, clock, branch, SATURDAY)
    half = by_lines(session, SATURDAY)
    assert (figures(session, SATURDAY), figures(session)) == (half, TRIAL_BALANCE)
    works_on(session, branch, DAY)
    close(system, clock, branch)
    assert (figures(session, SATURDAY), figures(session)) == (half, TRIAL_BALANCE)
    assert proofs.differences(session) == []


def test_an_old_trial_balance_reads_no_lines(session, system, clock, branch):
    works_on(session, branch, SATURDAY)
    for _ in range(5):
        cash(system, clock, branch, business_date=SATURDAY)
    close(system, clock, branch, SATURDAY)
    works_on(session, branch, DAY)
    cash(system, clock, branch)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    assert rows_read(session, SATURDAY) == 0
    assert rows_read(session, DAY) == 2


def rows_read(session, as_of):
    """How many journal lines the trial balance fetches, from the plan of the query as it ran."""
    statements = []

    def note(_connection, _cursor, statement, parameters, *_):
        statements.append((statement, parameters))

    engine = db.session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        queries.trial_balance(session, as_of)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    cursor = session.connection().connection.cursor()
    read = 0
    for statement, parameters in statements:
        if "journal_lines" in statement:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
            plan = cursor.fetchone()[0]
            read += _rows(plan if isinstance(plan, dict) else (plan if isinstance(plan, list) else json.loads(plan))[0])
    return read


def _rows(node):
    node = node.get("Plan", node)
    own = 0
    if node.get("Relation Name") == "journal_lines":
        own = round((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
    return own + sum(_rows(child) for child in node.get("Plans", []))


def test_a_day_is_closed_once_and_in_order(session, system, clock, branch):
    cash(system, clock, branch)
    with pytest.raises(DayOutOfOrder):
        close(system, clock, branch, SATURDAY)
    with pytest.raises(DayOutOfOrder):
        close(system, clock, branch, DAY + timedelta(days=1))
    close(system, clock, branch)
    close(system, clock, branch)
    assert session.execute(text("SELECT count(*), max(lines) FROM ledger_day_closes")).one() == (1, 2)
    assert session.execute(text("SELECT count(*) FROM outbox WHERE topic = 'ledger.day_closed'")).scalar() == 1
    assert days.last_closed(session, branch.id).day == DAY


def test_only_those_who_may_close_the_day(session, clock, branch):
    teller = actor_for(session, make_user(session, clock, "teller"))
    with pytest.raises(NotPermitted):
        close(teller, clock, branch)


def test_the_check_list_keeps_the_day_open(session, system, clock, branch, monkeypatch):
    monkeypatch.setattr("sacco_app.organisation.ports._checkers", {})
    ports.register_check("a", lambda *_: ports.Check("Every till is closed", False, "Till T1 is not closed"))
    ports.register_check("b", lambda *_: ports.Check("Approvals are decided", False, "2 wait", blocks=False))
    with pytest.raises(DayNotReady, match=r": Till T1 is not closed$"):
        close(system, clock, branch)
    ports.register_check("a", lambda *_: ports.Check("Every till is closed", True))
    close(system, clock, branch)


def test_a_book_that_differs_is_not_closed(session, system, clock, branch):
    from sacco_app.ledger.ports import SubledgerSource, register_subledger

    cash(system, clock, branch)
    register_subledger(SubledgerSource("savings_account", "Savings account", lambda _session: [("2110", branch.id, 1)]))
    with pytest.raises(DayNotReady, match="control 700, sum of its sub-ledgers 1"):
        close(system, clock, branch)


def test_a_closed_day_takes_only_what_was_approved(session, system, clock, branch, checker):
    cash(system, clock, branch)
    close(system, clock, branch)
    with pytest.raises(DayClosed):
        cash(system, clock, branch, business_date=SATURDAY)
    for day in (DAY, SATURDAY):
        cash(system, clock, branch, 50, business_date=day, checker_id=checker.user_id)
    assert figures(session, SATURDAY) == by_lines(session, SATURDAY) == {"1120": 50, "2110": -50}
    assert figures(session) == by_lines(session) == {"1120": 800, "2110": -800}
    assert proofs.differences(session) == []


def test_lines_of_another_branch_reach_its_closed_day(session, system, clock, branch):
    with transaction(system, clock) as inner:
        branches.save_branch(inner, system, clock, SaveBranch("MBR", "Mbarara", "", ""))
    other = next(one for one in organisation.list_branches(session) if one.code == "MBR")
    close(system, clock, other)
    post(system, clock, draft("J-04", branch.id, leg("cash", 90), leg("savings", -90, branch_id=other.id)))
    assert figures(session, branch=other) == {"1910": 90, "2110": -90}
    assert proofs.differences(session) == []


def test_the_check_names_a_total_that_differs_and_a_rebuild_mends_it(app, session, system, clock, branch):
    cash(system, clock, branch)
    close(system, clock, branch)
    session.execute(text("UPDATE gl_day_totals SET debit_minor = debit_minor + 1 WHERE debit_minor > 0"))
    (found,) = proofs.differences(session)
    assert found == "account 1120 in Kampala Main on 23 Nov 2026: the day's total is 701, its lines come to 700"
    assert "HQ: 2 lines" in app.test_cli_runner().invoke(args=["ledger", "rebuild-totals"]).output
    assert proofs.differences(session) == []
    assert app.test_cli_runner().invoke(args=["ledger", "rebuild-totals", "--branch", "NO"]).exit_code == 1


def test_the_next_business_date_closes_the_day_before(session, system, clock, branch):
    cash(system, clock, branch)
    clock.advance(timedelta(days=1))
    with transaction(system, clock) as inner:
        branches.open_business_date(inner, system, clock, branch.id, DAY + timedelta(days=1))
    assert days.closed_through(session, branch.id) == DAY
    assert organisation.business_date(session, branch.id) == DAY + timedelta(days=1)
    cash(system, clock, branch, business_date=DAY + timedelta(days=1))


def test_what_members_do_in_the_evening_is_booked_on_the_next_day(session, system, clock, branch):
    cash(system, clock, branch)
    with transaction(system, clock) as inner:
        branches.close_business_date(inner, system, clock, branch.id, DAY)
    day = organisation.business_date(session, branch.id)
    assert day == DAY + timedelta(days=1)
    cash(system, clock, branch, 300, business_date=day)
    assert figures(session) == {"1120": 700, "2110": -700}
    assert figures(session, day) == {"1120": 1_000, "2110": -1_000}


def test_money_in_transit_too_long_is_named(session, system, clock, branch, checker):
    wednesday = date(2026, 11, 18)
    lines = (leg("a", 500, account_code="1115"), leg("b", -500, account_code="1110"))
    post(system, clock, draft("J-08", branch.id, *lines, business_date=wednesday))
    (found,) = proofs.differences(session)
    assert found.endswith("Kampala Main: UGX 500 lies there longer than 2 working days")
    back = (leg("a", -500, account_code="1115"), leg("b", 500, account_code="1210"))
    post(system, clock, draft("J-08", branch.id, *back))
    post(system, clock, draft("J-08", branch.id, *lines, business_date=date(2026, 11, 20)))
    assert proofs.differences(session) == []


STEPS = st.lists(
    st.tuples(st.sampled_from(["post", "late", "reverse", "close"]), st.integers(1, 10**12), st.booleans()),
    min_size=3,
    max_size=12,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_happens_the_totals_are_the_lines(session, system, clock, branch, checker, steps):
    day = organisation.business_date(session, branch.id)
    posted = []
    for verb, minor, twice in steps:
        if verb == "close":
            close(system, clock, branch, day)
            day += timedelta(days=1)
            works_on(session, branch, day)
        elif verb == "reverse" and posted:
            reverse(system, clock, posted.pop().id, business_date=day)
        else:
            late = verb == "late"
            over = {"business_date": day - timedelta(days=3), "checker_id": checker.user_id} if late else {}
            posted += [cash(system, clock, branch, minor, **({"business_date": day} | over)) for _ in range(1 + twice)]
    for back in (0, 1, 3, 6):
        as_of = day - timedelta(days=back)
        assert figures(session, as_of) == by_lines(session, as_of)
    assert proofs.differences(session) == []
