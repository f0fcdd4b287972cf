"""The book: what is posted, what the service refuses, what the whole comes to."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from beancount import loader
from beancount.core.data import Balance
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sacco_app.kernel import reference
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import beancount, periods, proofs, queries, service
from sacco_app.ledger.errors import (
    AlreadyPosted,
    AlreadyReversed,
    ApproverIsMaker,
    JournalUnbalanced,
    NoPostingProfile,
    PeriodClosed,
    PeriodSoftClosed,
    PeriodStep,
    ReversalOfReversal,
)
from sacco_app.ledger.models import LedgerPeriod
from sacco_app.ledger.ports import SubledgerSource, register_subledger
from sacco_app.ledger.types import PeriodStatus, ReverseJournal, SetPeriodStatus, Subledger
from sacco_app.organisation import service as organisation
from sacco_app.organisation.queries import list_branches
from sacco_app.organisation.types import SaveBranch
from tests.factories.access import actor_for, make_user
from tests.ledger.builders import DAY, draft, leg, post, ugx
from tests.ledger.scenario import TRIAL_BALANCE


def reverse(actor, clock, journal_id, **over):
    values = {"journal_id": journal_id, "reason": "Typed twice", "source_ref": str(uuid4()), "business_date": DAY}
    with transaction(actor, clock) as session:
        return service.reverse_journal(session, actor, clock, ReverseJournal(**(values | over)))


def set_period(session, system, clock, month, status):
    with transaction(system, clock) as inner:
        inner.get(LedgerPeriod, month).status = status
        inner.flush()
        reference.bump(inner)


@pytest.fixture
def other_branch(session, system, clock, branch):
    with transaction(system, clock) as inner:
        organisation.save_branch(inner, system, clock, SaveBranch("MBR", "Mbarara", "", ""))
    return next(one for one in list_branches(session) if one.code == "MBR")


def test_the_scenario_of_the_handbook_gives_its_trial_balance(session, scenario, monkeypatch):
    monkeypatch.setattr("sacco_app.ledger.ports._sources", {})
    book = queries.trial_balance(session, DAY)
    assert len(scenario) == 22
    assert {row.code: row.net_minor for row in book.rows} == TRIAL_BALANCE
    assert (book.total_debit, book.total_credit) == (ugx(66_855_000), ugx(66_855_000))
    assert (book.income, book.expenses, book.surplus) == (ugx(107_000), ugx(471_000), ugx(-364_000))
    assert (book.assets, book.liabilities, book.equity) == (ugx(65_634_000), ugx(49_798_000), ugx(16_200_000))
    assert book.is_balanced
    assert proofs.differences(session) == []


def test_the_trial_balance_stops_at_its_day(session, scenario):
    assert queries.trial_balance(session, date(2026, 11, 22)).rows == ()


def test_beancount_agrees_with_every_balance(session, scenario):
    entries, errors, _ = loader.load_string("\n".join(beancount.lines(session)))
    assert not errors
    told = {
        entry.account.split(":")[1][:4]: int(entry.amount.number) for entry in entries if isinstance(entry, Balance)
    }
    assert {code: minor for code, minor in told.items() if minor} == TRIAL_BALANCE


def test_branches_settle_between_each_other(session, system, clock, branch, other_branch):
    savings = Subledger("savings_account", uuid4())
    lines = (leg("cash", 900), leg("savings", -900, branch_id=other_branch.id, subledger=savings))
    post(system, clock, draft("J-04", branch.id, *lines))
    here, there = (queries.trial_balance(session, DAY, one.id) for one in (branch, other_branch))
    assert {row.code: row.net_minor for row in here.rows} == {"1120": 900, "2910": -900}
    assert {row.code: row.net_minor for row in there.rows} == {"1910": 900, "2110": -900}
    assert queries.subledger_balance(session, "savings_account", savings.id) == 900


def test_a_statement_begins_with_what_was_before(session, system, clock, branch):
    account = Subledger("savings_account", uuid4())
    for day, minor in ((20, 500), (23, 300)):
        lines = (leg("cash", minor), leg("savings", -minor, subledger=account))
        post(system, clock, draft("J-04", branch.id, *lines, business_date=date(2026, 11, day)))
    (line,) = queries.subledger_lines(session, account.kind, account.id, DAY, DAY)
    assert (line.credit, line.balance_after) == (ugx(300), ugx(800))


def test_a_leg_of_zero_is_left_out(session, system, clock, branch):
    posted = post(system, clock, draft("J-05", branch.id, leg("savings", 5), leg("cash", -5), leg("fee", -0)))
    assert len(queries.get_journal(session, system, posted.id).lines) == 2


@pytest.mark.parametrize(
    ("legs", "error"),
    [(("cash", 5, "savings", -4), JournalUnbalanced), (("cash", 5, "nothing", -5), NoPostingProfile)],
)
def test_what_does_not_hold_is_refused(session, system, clock, branch, legs, error):
    lines = (leg(legs[0], legs[1]), leg(legs[2], legs[3]))
    with pytest.raises(error):
        post(system, clock, draft("J-04", branch.id, *lines))


def test_a_source_is_posted_once(session, system, clock, branch):
    journal = draft("J-04", branch.id, leg("cash", 5), leg("savings", -5))
    post(system, clock, journal)
    with pytest.raises(AlreadyPosted):
        post(system, clock, journal)


def test_a_reversal_mirrors_and_happens_once(session, system, clock, branch):
    posted = post(system, clock, draft("J-04", branch.id, leg("cash", 5), leg("savings", -5)))
    mirror = reverse(system, clock, posted.id)
    assert queries.trial_balance(session, DAY).rows == ()
    assert queries.get_journal(session, system, posted.id).reversed_by_id == mirror.id
    with pytest.raises(AlreadyReversed):
        reverse(system, clock, posted.id)
    with pytest.raises(ReversalOfReversal):
        reverse(system, clock, mirror.id)


def test_the_maker_does_not_approve_the_reversal(session, system, clock, branch):
    accountant = actor_for(session, make_user(session, clock, "accountant"))
    posted = post(accountant, clock, draft("J-04", branch.id, leg("cash", 5), leg("savings", -5)))
    with pytest.raises(ApproverIsMaker):
        reverse(system, clock, posted.id, checker_id=accountant.user_id)


def test_a_closed_period_takes_nothing(session, system, clock, branch):
    set_period(session, system, clock, date(2026, 10, 1), PeriodStatus.CLOSED)
    lines = (leg("cash", 5), leg("savings", -5))
    with pytest.raises(PeriodClosed):
        post(system, clock, draft("J-04", branch.id, *lines, business_date=date(2026, 10, 31)))


def test_a_soft_closed_period_takes_corrections_alone(session, system, clock, branch):
    set_period(session, system, clock, date(2026, 10, 1), PeriodStatus.SOFT_CLOSED)
    teller = actor_for(session, make_user(session, clock, "teller"))
    lines = (leg("cash", 5), leg("savings", -5))
    with pytest.raises(PeriodSoftClosed):
        post(teller, clock, draft("J-04", branch.id, *lines, business_date=date(2026, 10, 31)))


def test_periods_close_in_order_and_after_their_end(session, system, clock):
    def move(month, status):
        with transaction(system, clock) as inner:
            periods.set_status(inner, system, clock, SetPeriodStatus(month, status, "Month end"))

    with pytest.raises(PeriodStep, match="still works"):
        move(date(2026, 11, 1), PeriodStatus.SOFT_CLOSED)
    with pytest.raises(PeriodStep, match="from open to"):
        move(date(2026, 10, 1), PeriodStatus.CLOSED)
    move(date(2026, 10, 1), PeriodStatus.SOFT_CLOSED)
    with pytest.raises(PeriodStep, match="earlier"):
        move(date(2026, 10, 1), PeriodStatus.CLOSED)
    first = date(2024, 1, 1)
    move(first, PeriodStatus.SOFT_CLOSED)
    move(first, PeriodStatus.CLOSED)
    with pytest.raises(PeriodStep):
        move(first, PeriodStatus.OPEN)


def test_the_check_names_a_sub_ledger_that_differs(session, system, clock, branch, monkeypatch):
    monkeypatch.setattr("sacco_app.ledger.ports._sources", {})
    account = Subledger("savings_account", uuid4())
    post(system, clock, draft("J-04", branch.id, leg("cash", 700), leg("savings", -700, subledger=account)))
    stated = {"minor": 700}
    register_subledger(
        SubledgerSource("savings_account", "Savings account", lambda _s: [("2110", account.id, stated["minor"])])
    )
    assert proofs.differences(session) == []
    stated["minor"] = 699
    found = proofs.differences(session)
    assert len(found) == 2
    assert str(account.id) in found[0]
    assert "control 700, sum of its sub-ledgers 699" in found[1]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["J-04", "J-05", "J-43"]), st.integers(1, 10**12), st.booleans(), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_random_journals_and_reversals_keep_every_invariant(
    session, system, clock, branch, other_branch, monkeypatch, steps
):
    monkeypatch.setattr("sacco_app.ledger.ports._sources", {})
    names = {"J-04": ("cash", "savings"), "J-05": ("savings", "cash"), "J-43": ("from", "to")}
    before = queries.trial_balance(session, DAY)
    kept: dict[str, int] = {}
    for event, minor, elsewhere, undone in steps:
        debit, credit = names[event]
        away = other_branch.id if elsewhere else branch.id
        journal = draft(event, branch.id, leg(debit, minor), leg(credit, -minor, branch_id=away))
        posted = post(system, clock, journal)
        if undone:
            reverse(system, clock, posted.id)
        else:
            sign = {"J-04": 1, "J-05": -1, "J-43": 0}[event]
            kept["1120"] = kept.get("1120", 0) + sign * minor
    after = queries.trial_balance(session, DAY)
    assert after.is_balanced
    assert all(queries.trial_balance(session, DAY, one.id).is_balanced for one in (branch, other_branch))
    assert proofs.differences(session) == []
    cash = [sum(row.net_minor for row in book.rows if row.code == "1120") for book in (before, after)]
    assert cash[1] - cash[0] == kept.get("1120", 0)
