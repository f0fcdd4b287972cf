"""Fees and limits change by two people, from a day on, and what was before stays as it was."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from sacco_app.access.types import UserFacts
from sacco_app.approvals import service as approvals
from sacco_app.approvals.errors import MakerIsChecker
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.reference import bump
from sacco_app.kernel.uow import transaction
from sacco_app.transactions import queries, service
from sacco_app.transactions.errors import TermEnded, TermInThePast, TermNotLater
from sacco_app.transactions.models import FeeRuleRow, LimitRow
from sacco_app.transactions.setup import LIMITS
from sacco_app.transactions.types import EndTerm, SetFee, SetLimit
from tests.factories.access import actor_for, make_user, make_user_everywhere, sign_in

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
AMOUNT = Money(50_000, UGX)


@pytest.fixture
def manager(session, clock):
    return actor_for(session, make_user(session, clock, "branch_manager"))


@pytest.fixture
def accountant(session, clock):
    return actor_for(session, make_user_everywhere(session, clock, "accountant"))


def ugx(minor):
    return Money(minor, UGX)


def fee(flat=1_500, start=TODAY, end=None, kind="withdrawal", product=None, rate="0", least=0):
    return SetFee(kind, product, None, ugx(least), ugx(flat), Decimal(rate), None, start, end, "Minute 14")


@pytest.fixture
def change(clock, manager, accountant):
    """The manager asks, the accountant allows."""

    def go(ask, command):
        with transaction(manager, clock) as inner:
            request_id = ask(inner, manager, clock, command)
        with transaction(accountant, clock) as inner:
            approvals.approve(inner, accountant, clock, request_id)

    return go


def cost(session, day, kind="withdrawal", product=None):
    session.expire_all()
    return queries.charge_for(session, kind, AMOUNT, day, product=product).fee.minor


def test_a_fee_waits_for_a_second_person_who_is_not_the_first(session, clock, manager):
    with transaction(manager, clock) as inner:
        request_id = service.ask_fee(inner, manager, clock, fee())
    assert cost(session, TODAY) == 1_000
    with pytest.raises(MakerIsChecker), transaction(manager, clock) as inner:
        approvals.approve(inner, manager, clock, request_id)
    clerk = actor_for(session, make_user(session, clock, "teller"))
    with pytest.raises(NotPermitted), transaction(clerk, clock) as inner:
        service.ask_fee(inner, clerk, clock, fee())


def test_a_new_fee_follows_the_old_one_and_both_are_audited(session, change):
    change(service.ask_fee, fee(start=TODAY + DAY))
    assert [cost(session, TODAY), cost(session, TODAY + DAY)] == [1_000, 1_500]
    audited = session.execute(text("SELECT count(*) FROM audit_events WHERE subject_type = 'fee_rules'")).scalar_one()
    assert audited >= 2


def test_a_fee_for_some_days_gives_way_to_the_one_before_it(session, change):
    change(service.ask_fee, fee(0, TODAY + DAY, TODAY + 2 * DAY))
    assert [cost(session, TODAY + n * DAY) for n in range(4)] == [1_000, 0, 0, 1_000]


def test_a_fee_of_the_same_day_is_put_right(session, change):
    change(service.ask_fee, fee(1_500))
    change(service.ask_fee, fee(1_600))
    assert cost(session, TODAY) == 1_600
    assert cost(session, TODAY - DAY) == 1_000


def test_history_is_not_rewritten(session, clock, manager, change):
    for command, error in ((fee(start=TODAY - DAY), TermInThePast), (fee(start=TODAY + DAY), TermNotLater)):
        if error is TermNotLater:
            change(service.ask_fee, fee(start=TODAY + 9 * DAY))
        with pytest.raises(error), transaction(manager, clock) as inner:
            service.ask_fee(inner, manager, clock, command)


def test_what_was_allowed_too_late_is_refused(session, clock, manager, accountant):
    with transaction(manager, clock) as inner:
        request_id = service.ask_fee(inner, manager, clock, fee())
    session.execute(text("UPDATE branches SET business_date = business_date + 1"))
    session.expire_all()
    with pytest.raises(TermInThePast), transaction(accountant, clock) as inner:
        approvals.approve(inner, accountant, clock, request_id)


def test_a_fee_ends_and_the_more_general_one_holds(session, clock, manager, change):
    change(service.ask_fee, fee(300, product="REG"))
    row = session.scalars(select(FeeRuleRow).where(FeeRuleRow.product == "REG")).one()
    change(service.ask_fee_end, EndTerm(row.id, TODAY, "Minute 15"))
    assert [cost(session, TODAY, product="REG"), cost(session, TODAY + DAY, product="REG")] == [300, 1_000]
    with pytest.raises(TermEnded), transaction(manager, clock) as inner:
        service.ask_fee_end(inner, manager, clock, EndTerm(row.id, TODAY + DAY, "again"))


def test_a_fee_that_is_to_come_is_taken_back(session, change):
    change(service.ask_fee, fee(start=TODAY + 5 * DAY))
    row = session.scalars(select(FeeRuleRow).where(FeeRuleRow.flat_minor == 1_500)).one()
    change(service.ask_fee_end, EndTerm(row.id, TODAY + 4 * DAY, "Minute 15"))
    assert cost(session, TODAY + 6 * DAY) == 1_000
    assert session.scalars(select(FeeRuleRow).where(FeeRuleRow.flat_minor == 1_500)).first() is None


def test_a_limit_is_raised_for_some_days(session, change, manager):
    raised = SetLimit("withdrawal", "counter", None, "member", None, ugx(90_000_000), None, TODAY, TODAY, "School fees")
    change(service.ask_limit, raised)
    session.expire_all()
    today = queries.limits_for(session, manager, "withdrawal", TODAY)
    assert [limit.max_day_minor for limit in today if limit.counted_for == "member"] == [90_000_000]
    tomorrow = queries.limits_for(session, manager, "withdrawal", TODAY + DAY)
    assert [limit.max_day_minor for limit in tomorrow if limit.counted_for == "member"] == [50_000_000]


@pytest.fixture
def office(client, session, clock) -> UserFacts:
    user = make_user(session, clock, "branch_manager")
    sign_in(client, session, clock, user)
    return user


NEW_FEE = {
    "kind": "transfer",
    "product": "REG",
    "channel": "ussd",
    "from_amount": "0",
    "flat": "300",
    "rate": "0.5",
    "most": "2,000",
    "valid_from": "2026-12-01",
    "reason": "Board minute 14",
}


def test_a_fee_is_asked_for_on_its_page(client, office, session):
    assert "1,000" in client.get("/fees").text
    answer = client.post("/fees/new", data=NEW_FEE)
    assert answer.status_code == 303
    waiting = client.get(answer.headers["Location"]).text
    assert "UGX 300 + 0.5 % of the amount, at most UGX 2,000" in waiting
    assert "from 1 Dec 2026 on" in waiting
    assert session.scalars(select(FeeRuleRow).where(FeeRuleRow.kind == "transfer")).first() is None


@pytest.mark.parametrize(
    ("wrong", "words", "status"),
    [
        ({"flat": "x"}, "digits", 422),
        ({"rate": "101"}, "between 0 and 100", 422),
        ({"valid_to": "2026-11-30"}, "not before the first", 422),
        ({"reason": ""}, "Say why", 422),
        ({"valid_from": "2026-11-22"}, "choose this day or a later one", 422),
    ],
)
def test_a_fee_that_does_not_hold_comes_back_with_what_was_typed(client, office, wrong, words, status):
    answer = client.post("/fees/new", data=NEW_FEE | {"most": "2,345"} | wrong)
    assert answer.status_code == status
    assert words in answer.text
    assert "2,345" in answer.text


def test_a_fee_is_changed_and_ended_from_the_list(client, office):
    url = re.search(r'href="(/fees/[0-9a-f-]{36})"', client.get("/fees").text)[1]
    page = client.get(url).text
    assert 'value="1,000"' in page
    assert client.post(url, data={"flat": "1,200", "valid_from": "2026-12-01", "reason": "Minute"}).status_code == 303
    assert client.post(f"{url}/end", data={"last_day": "", "end_reason": ""}).status_code == 422
    assert client.post(f"{url}/end", data={"last_day": "2026-12-31", "end_reason": "Minute"}).status_code == 303


def test_what_would_it_cost(client, office, session, clock):
    session.execute(text("UPDATE parameters SET value = '0.15' WHERE key = 'fee.excise.rate'"))
    service_url = "/fees/cost?kind=withdrawal&product=REG&channel=counter&amount=50,000&day=2026-11-23"
    with transaction(actor_for(session, office), clock) as inner:
        bump(inner)
    page = client.get(service_url).text
    assert "UGX 150" in page
    assert "UGX 51,150" in page
    assert client.get("/fees/cost?amount=x").status_code == 422
    part = client.get(service_url, headers={"HX-Request": "true"}).text
    assert "<html" not in part


def test_limits_are_listed_and_asked_for(client, office, session):
    assert "50,000,000" in client.get("/limits").text
    new = {
        "kind": "deposit",
        "channel": "counter",
        "role": "teller",
        "counted_for": "maker",
        "max_day": "30,000,000",
        "valid_from": "2026-11-23",
        "reason": "Minute 16",
    }
    assert client.post("/limits/new", data=new | {"max_day": ""}).status_code == 422
    answer = client.post("/limits/new", data=new)
    assert answer.status_code == 303
    assert "UGX 30,000,000 in a day for each member of staff" in client.get(answer.headers["Location"]).text
    url = re.search(r'href="(/limits/[0-9a-f-]{36})"', client.get("/limits").text)[1]
    assert client.get(url).status_code == 200
    raised = {"max_one": "0", "valid_from": "2026-11-23", "reason": "Minute"}
    assert client.post(url, data=raised).status_code == 303
    assert client.post(f"{url}/end", data={"last_day": "2026-11-22", "end_reason": "Minute"}).status_code == 303
    assert session.scalars(select(LimitRow).where(LimitRow.kind == "deposit")).first() is None


def test_a_teller_sees_fees_and_limits_and_changes_neither(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    assert "New fee" not in client.get("/fees").text
    assert client.get("/limits").status_code == 200
    assert client.get("/fees/new").status_code == 403
    assert client.post("/limits/new").status_code == 403


@pytest.mark.parametrize("profile", sorted(LIMITS))
def test_both_countries_start_with_limits_of_account_member_and_maker_at_the_counter(profile):
    at_counter = {(terms[0].value, terms[2].value) for terms in LIMITS[profile] if terms[1] == "counter"}
    each = ("account", "member", "maker")
    assert at_counter == {(kind, who) for kind in ("withdrawal", "transfer") for who in each}
    assert all(terms[-1] for terms in LIMITS[profile])


def test_what_came_with_the_program_is_unconfirmed_until_the_sacco_decides(session, change, manager):
    stands = text(
        "SELECT source, verified FROM transaction_limits WHERE kind = 'transfer' AND counted_for = 'maker' ORDER BY id"
    )
    (shipped,) = session.execute(stands).all()
    assert shipped.source.startswith("Our own choice")
    assert not shipped.verified
    command = SetLimit("transfer", "counter", None, "maker", None, ugx(150_000_000), None, TODAY, None, "Board 12/2026")
    change(service.ask_limit, command)
    assert tuple(session.execute(stands).all()[-1]) == ("Board 12/2026", True)
