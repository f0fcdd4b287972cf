"""A member's PIN: how it is given out, how often one may guess, and what never leaves the database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from sacco_app.access.types import CHANNEL_USERS
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.uow import transaction
from sacco_app.members import pins, rules
from sacco_app.members.errors import ChannelStateRefused, OwnChannel, PhoneChangedLately, PhoneHasChannel, PinTooWeak
from sacco_app.members.types import PinOutcome, PinState
from sacco_app.organisation.queries import list_branches
from tests.factories.access import actor_for, make_user, sign_in
from tests.factories.members import make_member

Out = PinOutcome


@pytest.fixture
def branch(session):
    return list_branches(session)[0].id


@pytest.fixture
def teller(session, clock):
    return actor_for(session, make_user(session, clock, "teller"))


@pytest.fixture
def grace(session, clock, branch):
    return make_member(session, clock, branch, phone="+256772123456", date_of_birth=date(1985, 4, 17))


def issue(clock, actor, member):
    with transaction(actor, clock) as inner:
        return pins.issue_temporary_pin(inner, actor, clock, member.id)


def verify(clock, member_id, pin):
    with transaction(Actor.system(channel="ussd"), clock) as inner:
        return pins.verify_pin(inner, clock, member_id, pin)


def change(clock, member_id, present, wanted):
    with transaction(Actor.system(channel="ussd"), clock) as inner:
        return pins.change_pin(inner, clock, member_id, present, wanted)


def test_a_temporary_pin_opens_nothing_but_the_choice_of_an_own_one(session, clock, teller, grace):
    pin = issue(clock, teller, grace)
    assert verify(clock, grace.id, pin).outcome is Out.MUST_CHANGE
    assert change(clock, grace.id, pin, "4862").is_right
    assert verify(clock, grace.id, "4862").is_right
    assert verify(clock, grace.id, pin).outcome is (Out.RIGHT if pin == "4862" else Out.WRONG)
    assert pins.find_by_phone(session, "+256772123456").pin is PinState.ACTIVE


def test_a_temporary_pin_ends_after_three_days(session, clock, teller, grace):
    pin = issue(clock, teller, grace)
    clock.advance(timedelta(hours=72))
    assert verify(clock, grace.id, pin).outcome is Out.EXPIRED
    assert change(clock, grace.id, pin, "4862").outcome is Out.EXPIRED


def test_the_third_wrong_pin_locks_until_staff_unlock_with_a_reason(session, clock, teller, grace):
    pin = issue(clock, teller, grace)
    change(clock, grace.id, pin, "4862")
    assert [verify(clock, grace.id, "9517").tries_left for _ in range(2)] == [2, 1]
    assert verify(clock, grace.id, "9517").outcome is Out.LOCKED
    clock.advance(timedelta(days=30))
    assert verify(clock, grace.id, "4862").outcome is Out.LOCKED
    with transaction(teller, clock) as inner:
        pins.unlock(inner, teller, clock, grace.id, "Came with the ID")
    assert verify(clock, grace.id, "4862").is_right
    told = session.execute(text("SELECT topic FROM outbox WHERE topic LIKE 'members.channel%'")).scalars().all()
    assert told == ["members.channel_locked"]
    reason = "SELECT reason FROM audit_events WHERE action = 'members.channel_unlocked'"
    assert session.execute(text(reason)).scalars().all() == ["Came with the ID"]


def test_a_right_pin_forgives_the_wrong_ones_before_it(clock, session, teller, grace):
    change(clock, grace.id, issue(clock, teller, grace), "4862")
    for _ in range(4):
        assert verify(clock, grace.id, "9517").tries_left == 2
        assert verify(clock, grace.id, "4862").is_right


def test_guessing_the_present_pin_by_changing_it_counts_too(clock, session, teller, grace):
    change(clock, grace.id, issue(clock, teller, grace), "4862")
    outcomes = [change(clock, grace.id, "9517", "6038").outcome for _ in range(3)]
    assert outcomes == [Out.WRONG, Out.WRONG, Out.LOCKED]


def test_strangers_are_wrong_and_those_without_a_pin_are_told_apart_for_the_front_door(session, clock, grace):
    assert verify(clock, None, "4862").outcome is Out.WRONG
    assert verify(clock, grace.id, "4862").outcome is Out.NOT_SET
    assert pins.find_by_phone(session, "+256700000001") is None
    assert pins.find_by_phone(session, "+256772123456").pin is PinState.NOT_SET


@pytest.mark.parametrize("weak", ["1234", "1111", "4321", "890123", "1985", "1704", "0417", "170485", "1212", "3456",
                                  "2580", "2011", "12", "1234567", "12a4", "", "٣٤٥٦"])  # fmt: skip
def test_weak_pins_are_refused(weak):
    assert rules.pin_weakness(weak, date(1985, 4, 17), "+256772123456")


def test_a_refused_choice_leaves_the_temporary_pin_as_it_was(session, clock, teller, grace):
    pin = issue(clock, teller, grace)
    with pytest.raises(PinTooWeak):
        change(clock, grace.id, pin, "1985")
    assert verify(clock, grace.id, pin).outcome is Out.MUST_CHANGE


def test_no_pin_is_in_the_events_the_audit_trail_or_plain_in_the_table(session, clock, teller, grace):
    pin = issue(clock, teller, grace)
    change(clock, grace.id, pin, "486213")
    hashed = session.execute(text("SELECT pin_hash FROM channel_credentials")).scalar_one()
    assert hashed.startswith("$argon2id$")
    for query in ("SELECT payload FROM outbox", "SELECT before FROM audit_events", "SELECT after FROM audit_events"):
        for row in session.execute(text(query)).scalars():
            assert "486213" not in str(row)
            assert "argon2" not in str(row)


def test_one_phone_serves_one_member(session, clock, teller, grace, branch):
    issue(clock, teller, grace)
    sister = make_member(session, clock, branch, phone="+256772123456")
    with pytest.raises(PhoneHasChannel, match=grace.number):
        issue(clock, teller, sister)
    assert pins.find_by_phone(session, "+256772123456").id == grace.id


def test_a_phone_that_two_share_without_access_names_neither(session, clock, grace, branch):
    make_member(session, clock, branch, phone="+256772123456")
    assert pins.find_by_phone(session, "+256772123456") is None


def test_the_member_blocks_and_only_staff_open_again(session, clock, teller, grace):
    change(clock, grace.id, issue(clock, teller, grace), "4862")
    member = pins.member_actor(session, grace.id, "ussd")
    with transaction(member, clock) as inner:
        pins.block(inner, member, clock, grace.id, "Phone stolen")
    assert verify(clock, grace.id, "4862").outcome is Out.BLOCKED
    with pytest.raises(NotPermitted), transaction(member, clock) as inner:
        pins.unlock(inner, member, clock, grace.id, "Found again")
    with transaction(teller, clock) as inner:
        pins.unlock(inner, teller, clock, grace.id, "Found again, seen the ID")
    with pytest.raises(ChannelStateRefused), transaction(teller, clock) as inner:
        pins.unlock(inner, teller, clock, grace.id, "once more")


def test_the_member_in_person_holds_no_permission_and_is_nobody_else(session, clock, grace, branch):
    other = make_member(session, clock, branch)
    actor = pins.member_actor(session, grace.id, "api", "192.0.2.9")
    assert (actor.user_id, actor.permissions, actor.channel) == (CHANNEL_USERS["api"], frozenset(), "api")
    actor.require_member(grace.id)
    with pytest.raises(NotPermitted):
        actor.require_member(other.id)
    with transaction(actor, clock) as inner:
        pins.set_language(inner, actor, clock, grace.id, "lg")
    assert pins.find_by_phone(session, grace.phone).language == "lg"


def test_staff_who_are_members_do_not_serve_themselves(session, clock, teller, grace):
    own = Actor(teller.user_id, teller.name, teller.permissions, branch_ids=None, member_id=grace.id)
    with pytest.raises(OwnChannel):
        issue(clock, own, grace)
    with pytest.raises(NotPermitted):
        own.require_member(grace.id)


def test_the_counter_issues_shows_once_locks_and_unlocks(client, session, clock, grace):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    base = f"/members/{grace.id}/channel"
    assert "No PIN was ever issued" in client.get(base).text
    refused = client.post(f"{base}/pin", data={})
    assert (refused.status_code, "Only with the member" in refused.text) == (422, True)
    shown = client.post(f"{base}/pin", data={"agreed": "y"})
    assert shown.headers["Cache-Control"] == "no-store"
    pin = shown.text.split('aria-label="Temporary PIN">')[1][:6]
    assert verify(clock, grace.id, pin).outcome is Out.MUST_CHANGE
    assert client.post(f"{base}/block", data={"reason": ""}).status_code == 422
    assert client.post(f"{base}/block", data={"reason": "Lost"}).status_code == 303
    assert client.post(f"{base}/unlock", data={"reason": "Found"}).status_code == 303
    assert client.post(f"{base}/unlock", data={"reason": "Found"}).status_code == 409


def test_an_auditor_sees_the_state_and_issues_nothing(client, session, clock, grace):
    sign_in(client, session, clock, make_user(session, clock, "auditor"))
    assert "Issue a PIN" not in client.get(f"/members/{grace.id}/channel").text
    assert client.post(f"/members/{grace.id}/channel/pin", data={"agreed": "y"}).status_code == 403


def test_a_pin_from_the_counter_sends_nothing_to_others_for_two_days(session, clock, teller, grace):
    change(clock, grace.id, issue(clock, teller, grace), "4862")
    with pytest.raises(PhoneChangedLately):
        pins.require_settled_phone(session, clock, grace.id)
    clock.advance(timedelta(hours=48))
    pins.require_settled_phone(session, clock, grace.id)


def test_a_new_pin_does_not_stand_in_for_unlocking(session, clock, teller, grace):
    issue(clock, teller, grace)
    with transaction(teller, clock) as inner:
        pins.block(inner, teller, clock, grace.id, "Phone stolen")
    with pytest.raises(ChannelStateRefused):
        issue(clock, teller, grace)
    with transaction(teller, clock) as inner:
        pins.unlock(inner, teller, clock, grace.id, "Seen the ID")
    assert verify(clock, grace.id, issue(clock, teller, grace)).outcome is Out.MUST_CHANGE
