"""Two people, the command as it was made, and what was held is let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sacco_app.approvals import errors, queries, service
from sacco_app.approvals.types import ApprovalStatus, SavePolicy
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound, NotPermitted
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from tests.approvals.conftest import PayOut


@pytest.fixture
def do(clock):
    def act(actor, verb, *args, **kwargs):
        with transaction(actor, clock) as session:
            return verb(session, actor, clock, *args, **kwargs)

    return act


@pytest.fixture
def asked(do, people, happened, pay):
    return do(people[0], service.submit, "tests.pay", pay, "School fees")


def verbs(happened):
    return [verb for verb, _ in happened]


def test_the_approved_command_is_the_one_that_was_made(do, people, asked, happened, pay, session):
    outcome = do(people[1], service.approve, asked)
    assert outcome.status == ApprovalStatus.EXECUTED
    assert outcome.result_ref == "/done"
    assert happened == [("held", pay), ("let go", pay), ("done", pay)]
    row = queries.get_request(session, people[0], asked)
    assert (row.summary, row.effects, row.reason) == ("Pay out", [["Pays", "UGX 2,000,000"]], "School fees")


def test_nobody_approves_or_rejects_what_they_asked_for(do, people, asked, happened):
    for verb in (service.approve, service.reject):
        with pytest.raises(errors.MakerIsChecker):
            do(people[0], verb, asked, "Mine")
    assert verbs(happened) == ["held"]


def test_nobody_approves_what_benefits_themselves(do, people, happened, pay):
    request_id = do(people[0], service.submit, "tests.pay", replace(pay, to=people[1].user_id))
    with pytest.raises(errors.CheckerBenefits):
        do(people[1], service.approve, request_id)


def test_the_right_and_the_branch_are_needed(do, people, asked, pay):
    without = replace(people[1], permissions=frozenset())
    elsewhere = replace(people[1], branch_ids=frozenset())
    for actor in (without, elsewhere):
        with pytest.raises(NotPermitted):
            do(actor, service.approve, asked)


def test_two_of_two_are_two_different_people(do, people, happened, pay):
    request_id = do(people[0], service.submit, "tests.pay", pay, required=2)
    assert do(people[1], service.approve, request_id).status == ApprovalStatus.PENDING
    with pytest.raises(errors.DecidedBefore):
        do(people[1], service.approve, request_id)
    assert verbs(happened) == ["held"]
    assert do(people[2], service.approve, request_id).status == ApprovalStatus.EXECUTED


def test_one_no_ends_it_lets_go_and_is_final(do, people, asked, happened):
    with pytest.raises(errors.ReasonNeeded):
        do(people[1], service.reject, asked, "  ")
    do(people[1], service.reject, asked, "No paper")
    assert verbs(happened) == ["held", "let go", "refused"]
    with pytest.raises(errors.AlreadyDecided):
        do(people[2], service.approve, asked)


def test_only_the_maker_takes_it_back(do, people, asked, happened):
    with pytest.raises(errors.NotTheMaker):
        do(people[1], service.cancel, asked)
    do(people[0], service.cancel, asked)
    assert verbs(happened) == ["held", "let go", "refused"]
    with pytest.raises(errors.AlreadyDecided):
        do(people[1], service.approve, asked)


def test_what_waits_too_long_cannot_be_approved_and_ends(do, people, asked, happened, clock):
    clock.advance(timedelta(hours=24))
    with pytest.raises(errors.AlreadyDecided):
        do(people[1], service.approve, asked)
    assert do(Actor.system(), service.expire_due) == 1
    assert do(Actor.system(), service.expire_due) == 0
    assert verbs(happened) == ["held", "let go", "refused"]


def test_the_maker_carries_out_what_was_allowed_once_and_in_time(do, people, happened, pay, clock):
    request_id = do(people[0], service.submit, "tests.pay-later", pay)
    with pytest.raises(errors.AlreadyDecided):
        do(people[0], service.execute, request_id)
    assert do(people[1], service.approve, request_id).status == ApprovalStatus.APPROVED
    assert verbs(happened) == ["held"], "the amount stays held until it is paid"
    with pytest.raises(errors.NotTheMaker):
        do(people[1], service.execute, request_id)
    assert do(people[0], service.execute, request_id) == "/done"
    with pytest.raises(errors.AlreadyDecided):
        do(people[0], service.execute, request_id)
    late = do(people[0], service.submit, "tests.pay-later", pay)
    do(people[1], service.approve, late)
    clock.advance(timedelta(hours=24))
    with pytest.raises(errors.AlreadyDecided):
        do(people[0], service.execute, late)


def test_a_refusal_of_the_command_leaves_the_request_waiting(do, people, asked, happened, session, monkeypatch):
    from sacco_app.approvals import registry

    def refuse(*_):
        raise NotFound(what="account")

    kind = registry.get_kind("tests.pay")
    registry.register_kind(replace(kind, execute=refuse))
    with pytest.raises(NotFound):
        do(people[1], service.approve, asked)
    assert queries.get_request(session, people[0], asked).status == "pending"
    assert not queries.decisions(session, asked)


def test_every_yes_is_checked_and_not_the_last_alone(do, people, happened, pay, session):
    from sacco_app.approvals import registry

    def refuse(_session, actor, *_):
        if actor == people[1]:
            raise NotFound(what="count")

    registry.register_kind(replace(registry.get_kind("tests.pay"), agreeing=refuse))
    asked = do(people[0], service.submit, "tests.pay", pay, required=2)
    with pytest.raises(NotFound):
        do(people[1], service.approve, asked)
    assert not queries.decisions(session, asked)
    assert do(people[2], service.approve, asked).status == "pending"


def test_the_queue_shows_each_what_each_may_decide(do, people, asked, session):
    assert [queries.count_waiting(session, actor) for actor in people] == [0, 1, 1]
    stranger = replace(people[1], branch_ids=frozenset())
    assert queries.count_waiting(session, stranger) == 0
    with pytest.raises(NotFound):
        queries.get_request(session, stranger, asked)


@pytest.mark.parametrize(
    ("role", "amount", "checkers"),
    [
        ("teller", 999, 0), ("teller", 1_000, 1), ("teller", 9_999, 1), ("teller", 10_000, 2),
        ("head_teller", 4_999, 0), ("head_teller", 5_000, 1), ("head_teller", 50_000, 1),
    ],
)  # fmt: skip
def test_policies_by_amount_and_role(do, session, people, branch, role, amount, checkers):
    for policy in (("tests.pay", 1_000, 1), ("tests.pay", 10_000, 2), ("tests.pay", 5_000, 1, "head_teller")):
        do(people[0], service.save_policy, SavePolicy(*policy))
    assert queries.required_approvals(session, "tests.pay", Money(amount, UGX), (role,), branch) == checkers


def test_policies_by_branch_and_their_end(do, session, people, branch):
    do(people[0], service.save_policy, SavePolicy("tests.pay", 1_000, 1, branch_id=branch))
    amount = Money(1_000, UGX)
    assert queries.required_approvals(session, "tests.pay", amount, (), branch) == 1
    assert queries.required_approvals(session, "tests.pay", amount, (), people[0].user_id) == 0
    do(people[0], service.save_policy, SavePolicy("tests.pay", 2_000, 1, branch_id=branch))
    assert queries.required_approvals(session, "tests.pay", amount, (), branch) == 0
    with pytest.raises(NotPermitted):
        do(replace(people[0], permissions=frozenset()), service.save_policy, SavePolicy("tests.pay", 1, 1))


def test_a_policy_asks_for_more_of_what_always_waits(do, session, people, branch, happened):
    do(people[0], service.save_policy, SavePolicy("tests.pay", 0, 3))
    asked = do(people[1], service.submit, "tests.pay", PayOut(Money(5, UGX), branch))
    assert queries.get_request(session, people[1], asked).required == 3
