"""The organisation's facts: what changes, what is refused, what other rooms read."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound, NotPermitted
from sacco_app.kernel.uow import transaction
from sacco_app.organisation import queries, service
from sacco_app.organisation.errors import (
    BranchCodeTaken,
    BusinessDateAhead,
    BusinessDateNotForward,
    HolidayOfAll,
    HolidayPast,
    NotAWorkingDay,
    ParameterNotANumber,
    ParameterNotLater,
    ParameterNotSet,
)
from sacco_app.organisation.setup import PROFILES, install
from sacco_app.organisation.types import SaveBranch, SetParameter
from tests.factories.access import actor_for, make_user

TODAY = date(2026, 11, 23)
TOLERANCE = "till.difference.tolerance"


def do(actor, clock, verb, *args):
    with transaction(actor, clock) as session:
        return verb(session, actor, clock, *args)


def new_branch(actor, clock, code="MBR"):
    return do(actor, clock, service.save_branch, SaveBranch(code, "Mbarara", "", "High Street"))


def test_the_set_up_gives_profile_branch_and_parameters(session):
    profile = queries.get_profile(session)
    assert (profile.name, profile.currency.code, profile.regulator_profile) == ("Umoja SACCO", "UGX", "UG-SACCO-TIER4")
    branch = queries.list_branches(session)[0]
    assert (branch.code, branch.is_head_office, branch.business_date) == ("HQ", True, TODAY)
    assert queries.parameter(session, TOLERANCE, TODAY).number == Decimal(500)


def test_the_set_up_can_be_repeated(session, system, clock):
    before = (len(queries.list_branches(session)), queries.list_holidays(session))
    do(system, clock, lambda s, _a, c: install(s, c, "UG-SACCO-TIER4"))
    assert (len(queries.list_branches(session)), queries.list_holidays(session)) == before


@pytest.mark.parametrize("profile", PROFILES)
def test_every_shipped_profile_says_where_its_numbers_come_from(profile):
    keys = [key for key, *_ in PROFILES[profile]["parameters"]]
    assert len(keys) == len(set(keys))
    assert all(source for _, _, source, _ in PROFILES[profile]["parameters"])
    assert {key for key, *_ in PROFILES["UG-SACCO-TIER4"]["parameters"]} == set(keys)
    days = [date.fromisoformat(day) for day, _ in PROFILES[profile]["holidays"]]
    assert days == sorted(set(days))


def test_a_parameter_keeps_its_history(session, system, clock):
    do(system, clock, service.set_parameter, SetParameter(TOLERANCE, "800", date(2027, 1, 1), "Board, minute 4", True))
    assert queries.parameter(session, TOLERANCE, date(2026, 12, 31)).number == Decimal(500)
    new = queries.parameter(session, TOLERANCE, date(2027, 1, 1))
    assert (new.number, new.source, new.valid_to) == (Decimal(800), "Board, minute 4", None)
    assert [row.value for row in queries.parameter_history(session, TOLERANCE)] == ["800", "500"]


@pytest.mark.parametrize(
    ("value", "day", "error"),
    [("800", date(2021, 1, 1), ParameterNotLater), ("eight hundred", date(2027, 1, 1), ParameterNotANumber)],
)
def test_a_parameter_is_not_rewritten_and_a_number_stays_one(session, system, clock, value, day, error):
    with pytest.raises(error):
        do(system, clock, service.set_parameter, SetParameter(TOLERANCE, value, day, "Board", False))


def test_a_parameter_says_when_it_has_no_value(session):
    with pytest.raises(ParameterNotSet):
        queries.parameter(session, TOLERANCE, date(2020, 12, 31))
    with pytest.raises(NotFound):
        queries.parameter_history(session, "no.such.thing")


def test_a_value_is_verified_later(session, system, clock):
    key = "liquidity.min_ratio"
    assert not queries.parameter(session, key, TODAY).verified
    do(system, clock, service.verify_parameter, key, date(2021, 1, 1))
    assert queries.parameter(session, key, TODAY).verified


@pytest.mark.parametrize(
    ("day", "error"),
    [
        (TODAY, BusinessDateNotForward),
        (TODAY - timedelta(days=1), BusinessDateNotForward),
        (date(2026, 11, 25), BusinessDateAhead),
    ],
)
def test_a_business_date_moves_forward_and_not_ahead(session, system, clock, day, error):
    branch = queries.list_branches(session)[0]
    clock.advance(timedelta(days=1))
    with pytest.raises(error):
        do(system, clock, service.open_business_date, branch.id, day)


def test_nobody_works_on_sundays_and_holidays(session, system, clock):
    branch = queries.list_branches(session)[0]
    clock.advance(timedelta(days=40))
    for day in (date(2026, 11, 29), date(2026, 12, 25)):
        with pytest.raises(NotAWorkingDay):
            do(system, clock, service.open_business_date, branch.id, day)
    assert queries.working_day(session, date(2026, 12, 25)) == date(2026, 12, 28)
    do(system, clock, service.open_business_date, branch.id, date(2026, 12, 28))
    assert queries.business_date(session, branch.id) == date(2026, 12, 28)


def test_a_closed_day_is_followed_by_the_next_working_day(session, system, clock):
    branch = queries.list_branches(session)[0]
    clock.advance(timedelta(days=5))
    do(system, clock, service.open_business_date, branch.id, date(2026, 11, 28))
    assert do(system, clock, service.close_business_date, branch.id, date(2026, 11, 28)) == date(2026, 11, 30)
    assert do(system, clock, service.close_business_date, branch.id, date(2026, 11, 28)) == date(2026, 11, 30)
    with pytest.raises(BusinessDateAhead):
        do(system, clock, service.close_business_date, branch.id, date(2026, 11, 30))


def test_one_branch_may_rest_alone(session, system, clock):
    branch = new_branch(system, clock)
    head_office = queries.list_branches(session)[0].id
    fair = date(2026, 12, 1)
    do(system, clock, service.add_holiday, fair, "Town fair", branch)
    assert fair in queries.holidays(session, branch)
    assert fair not in queries.holidays(session, head_office) | queries.holidays(session)
    do(system, clock, service.add_holiday, fair, "Great town fair", branch)
    found = [day for day in queries.list_holidays(session) if day.day == fair]
    assert [day.name for day in found] == ["Great town fair"]
    do(system, clock, service.remove_holiday, found[0].id)
    assert fair not in queries.holidays(session, branch)


def test_a_holiday_that_passed_stays(session, system, clock):
    passed = queries.list_holidays(session)[0]
    with pytest.raises(HolidayPast):
        do(system, clock, service.remove_holiday, passed.id)


def test_branch_codes_are_unique(session, system, clock):
    new_branch(system, clock)
    with pytest.raises(BranchCodeTaken):
        new_branch(system, clock)


def test_a_manager_keeps_the_own_branch_alone(session, system, clock):
    other = new_branch(system, clock)
    manager = actor_for(session, make_user(session, clock, "branch_manager"))
    assert [branch.code for branch in queries.list_branches(session, manager)] == ["HQ"]
    clock.advance(timedelta(days=1))
    with pytest.raises(NotPermitted):
        do(manager, clock, service.open_business_date, other, TODAY + timedelta(days=1))
    with pytest.raises(NotPermitted):
        do(manager, clock, service.add_holiday, date(2026, 12, 1), "Fair", other)
    with pytest.raises(HolidayOfAll):
        do(manager, clock, service.add_holiday, date(2026, 12, 1), "Fair")


def test_nothing_changes_without_the_permission(session, system, clock):
    nobody = Actor(system.user_id, "Nobody")
    branch = queries.list_branches(session)[0].id
    for verb, *args in (
        (service.save_branch, SaveBranch("X", "X", "", "")),
        (service.open_business_date, branch, TODAY + timedelta(days=1)),
        (service.close_business_date, branch, TODAY),
        (service.set_parameter, SetParameter(TOLERANCE, "1", date(2027, 1, 1), "x", True)),
        (service.verify_parameter, TOLERANCE, date(2021, 1, 1)),
        (service.add_holiday, date(2026, 12, 1), "x"),
        (service.remove_holiday, queries.list_holidays(session)[-1].id),
    ):
        with pytest.raises(NotPermitted):
            do(nobody, clock, verb, *args)
