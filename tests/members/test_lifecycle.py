"""From applicant to member to former member, each step by two people (handbook 1.2, 1.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from sacco_app.approvals import service as approvals
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.uow import transaction
from sacco_app.members import pins, ports, queries, rules, service
from sacco_app.members.errors import ChangeWaits, StillBound, TransitionRefused
from sacco_app.members.types import DocumentKind, MemberStatus, RegisterMember
from tests.factories.approvals import approve, waiting
from tests.factories.members import apply_for_membership, person
from tests.members.conftest import upload

S = MemberStatus


def status(session, member_id):
    session.expire_all()
    return queries.get_member(session, member_id).status


def ask(clock, actor, member_id, new, reason="Board minute 12"):
    with transaction(actor, clock) as inner:
        return service.ask_status(inner, actor, clock, member_id, new, reason)


def test_an_unfinished_application_is_kept_completed_and_sent(session, clock, officer, manager, branch):
    command = RegisterMember(branch, person(), (), send=False)
    with transaction(officer, clock) as inner:
        member_id = service.register_member(inner, officer, clock, command)
    assert status(session, member_id) == S.APPLIED
    with transaction(officer, clock) as inner:
        for kind in (DocumentKind.PHOTO, DocumentKind.SIGNATURE, DocumentKind.ID_FRONT):
            service.attach_document(inner, officer, clock, member_id, upload(kind))
        service.send_application(inner, officer, clock, member_id)
    assert status(session, member_id) == S.PENDING_APPROVAL
    approve(session, clock, manager)
    assert status(session, member_id) == S.ACTIVE
    with pytest.raises(TransitionRefused), transaction(officer, clock) as inner:
        service.send_application(inner, officer, clock, member_id)


def test_rejected_taken_back_and_forgotten_applications(session, clock, system, manager, branch):
    rejected, request_id = apply_for_membership(clock, branch)
    with transaction(manager, clock) as inner:
        approvals.reject(inner, manager, clock, request_id, "Not in the common bond")
    taken_back, request_id = apply_for_membership(clock, branch)
    with transaction(system, clock) as inner:
        approvals.cancel(inner, system, clock, request_id)
    forgotten, _ = apply_for_membership(clock, branch)
    clock.advance(timedelta(days=30))
    with transaction(system, clock) as inner:
        assert approvals.expire_due(inner, system, clock) == 1
    assert [status(session, m) for m in (rejected, taken_back, forgotten)] == [S.REJECTED, S.APPLIED, S.APPLIED]


def test_a_step_waits_for_a_second_person_and_is_told(session, clock, officer, manager, grace):
    assert ask(clock, officer, grace.id, S.DORMANT)
    assert status(session, grace.id) == S.ACTIVE
    with pytest.raises(ChangeWaits):
        ask(clock, officer, grace.id, S.WITHDRAWING)
    approve(session, clock, manager)
    assert status(session, grace.id) == S.DORMANT
    told = session.execute(text("SELECT payload FROM outbox WHERE topic = 'members.status_changed'")).scalar_one()
    assert (told["old"], told["new"]) == ("active", "dormant")
    reasons = session.execute(text("SELECT reason FROM audit_events WHERE action = 'members.status_changed'")).scalars()
    assert list(reasons) == ["Board minute 12"]


def test_a_freeze_holds_at_once_and_is_lifted_by_two(session, clock, officer, manager, grace):
    assert ask(clock, officer, grace.id, S.SUSPENDED) is None
    assert status(session, grace.id) == S.SUSPENDED
    assert ask(clock, officer, grace.id, S.ACTIVE)
    assert status(session, grace.id) == S.SUSPENDED
    approve(session, clock, manager)
    assert status(session, grace.id) == S.ACTIVE


def test_a_suspension_overtakes_what_waits_and_the_old_request_is_refused(session, clock, officer, manager, grace):
    ask(clock, officer, grace.id, S.DORMANT)
    ask(clock, officer, grace.id, S.SUSPENDED)
    with pytest.raises(TransitionRefused):
        approve(session, clock, manager)
    assert status(session, grace.id) == S.SUSPENDED


@pytest.mark.parametrize("new", [S.EXITED, S.PENDING_APPROVAL, S.REJECTED, S.APPLIED, S.ACTIVE])
def test_no_step_is_jumped(session, clock, officer, grace, new):
    with pytest.raises(TransitionRefused):
        ask(clock, officer, grace.id, new)


def test_every_status_has_its_ways_out_and_none_leads_to_itself():
    assert rules.TRANSITIONS.keys() == set(S)
    assert all(old not in ways for old, ways in rules.TRANSITIONS.items())
    reached = {new for ways in rules.TRANSITIONS.values() for new in ways}
    assert reached == set(S)


def test_nobody_leaves_with_a_bond(session, clock, officer, manager, grace, monkeypatch):
    ask(clock, officer, grace.id, S.WITHDRAWING)
    approve(session, clock, manager)
    monkeypatch.setitem(ports._bonds, "test", lambda _session, _member: ["guarantees loan L-7"])
    with pytest.raises(StillBound, match="guarantees loan L-7"):
        ask(clock, officer, grace.id, S.EXITED)
    monkeypatch.delitem(ports._bonds, "test")
    ask(clock, officer, grace.id, S.EXITED)
    approve(session, clock, manager)
    assert status(session, grace.id) == S.EXITED


def test_whoever_left_has_no_pin_and_the_phone_is_free(session, clock, officer, manager, grace):
    with transaction(manager, clock) as inner:
        pins.issue_temporary_pin(inner, manager, clock, grace.id)
    ask(clock, officer, grace.id, S.DECEASED, "Death certificate 4711")
    approve(session, clock, manager)
    assert pins.find_by_phone(session, grace.phone) is None
    assert session.execute(text("SELECT phone, pin_hash FROM channel_credentials")).one() == (None, None)
    ask(clock, officer, grace.id, S.ACTIVE, "The report was wrong")
    approve(session, clock, manager)
    assert status(session, grace.id) == S.ACTIVE


def test_only_the_second_person_moves_a_member(session, clock, officer, grace):
    with pytest.raises(NotPermitted), transaction(officer, clock) as inner:
        service.set_status(inner, officer, clock, grace.id, S.DORMANT, "alone")


def test_the_request_that_waits_is_one(session, clock, officer, grace):
    ask(clock, officer, grace.id, S.BLACKLISTED, "Forged papers")
    assert waiting(session)
