"""What is known of a member: what one person may change, and what takes two."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from sacco_app.approvals import service as approvals
from sacco_app.approvals.errors import CheckerBenefits
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.uow import transaction
from sacco_app.members import pins, queries, service
from sacco_app.members.errors import (
    ApplicationWaits,
    ChangeWaits,
    LooksLikeAnother,
    NinTaken,
    NothingChanged,
    PhoneHasChannel,
    SharesNotWhole,
)
from sacco_app.members.models import Member
from sacco_app.members.service.shared import PLAIN_FIELDS
from sacco_app.members.types import Kin, PersonDetails
from tests.factories.approvals import approve, waiting
from tests.factories.members import apply_for_membership, make_member

NIN = "CF92018100J4GK"


def known(session, member_id, **over):
    """The details as they are, with some others."""
    session.expire_all()
    row = session.get_one(Member, member_id)
    return dataclasses.replace(PersonDetails(**{name: getattr(row, name) for name in PLAIN_FIELDS}), **over)


def change(session, clock, actor, member_id, *, confirmed=False, **over):
    details = known(session, member_id, **over)
    with transaction(actor, clock) as inner:
        return service.update_member(inner, actor, clock, member_id, details, confirmed=confirmed)


def name_kin(clock, actor, member_id, *kin):
    with transaction(actor, clock) as inner:
        return service.change_kin(inner, actor, clock, member_id, kin)


SISTER = Kin("Nakato Irene", "Sister", "+256772000001", Decimal("60.00"))
SON = Kin("Okot Peter", "Son", "", Decimal("40.00"), address="Guardian: Nakato Irene")


def test_where_somebody_lives_is_changed_at_once(session, clock, officer, grace):
    assert change(session, clock, officer, grace.id, village="Bukoto", occupation="Tailor") is None
    assert known(session, grace.id).village == "Bukoto"


@pytest.mark.parametrize(
    "over",
    [{"surname": "Nakimuli-Odongo"}, {"nin": NIN}, {"phone": "+256781000111"}, {"wallet_phone": "+256781000111"},
     {"sex": "M"}, {"id_card_number": "0123456"}],
)  # fmt: skip
def test_who_somebody_is_takes_a_second_person(session, clock, officer, manager, grace, over):
    (name, value), before = *over.items(), known(session, grace.id)
    assert change(session, clock, officer, grace.id, **over, village="Bukoto")
    assert getattr(known(session, grace.id), name) == getattr(before, name)
    assert known(session, grace.id).village == "Bukoto"
    approve(session, clock, manager)
    assert getattr(known(session, grace.id), name) == value


def test_the_second_person_sees_before_and_after_and_no_whole_nin(session, clock, officer, grace):
    change(session, clock, officer, grace.id, nin=NIN, phone="+256781000111")
    row = session.execute(
        text("SELECT command::text, effects::text, summary FROM approval_requests WHERE status = 'pending'")
    ).one()
    assert "+256772123456 \\u2192 +256781000111" in row.effects or "+256772123456 → +256781000111" in row.effects
    assert "J4GK" in row.effects
    stored = session.execute(text("SELECT payload FROM member_changes")).scalar_one()
    for place in (row.command, row.effects, row.summary, str(bytes(stored))):
        assert NIN not in place


def test_whoever_is_the_member_does_not_approve_the_change(session, clock, officer, manager, grace):
    session.execute(text("UPDATE users SET member_id = :m WHERE id = :u"), {"m": grace.id, "u": manager.user_id})
    change(session, clock, officer, grace.id, surname="Okot")
    with pytest.raises(CheckerBenefits):
        approve(session, clock, manager)


def test_one_change_waits_at_a_time(session, clock, officer, grace):
    change(session, clock, officer, grace.id, surname="Okot")
    with pytest.raises(ChangeWaits):
        change(session, clock, officer, grace.id, surname="Okello")
    assert change(session, clock, officer, grace.id, village="Bukoto") is None
    with pytest.raises(NothingChanged):
        change(session, clock, officer, grace.id)


def test_a_rejected_change_leaves_everything_as_it_was(session, clock, officer, manager, grace):
    change(session, clock, officer, grace.id, phone="+256781000111")
    request_id = waiting(session)
    with transaction(manager, clock) as inner:
        approvals.reject(inner, manager, clock, request_id, "She denies it")
    assert known(session, grace.id).phone == "+256772123456"
    assert change(session, clock, officer, grace.id, phone="+256781000222")


def test_a_new_phone_takes_the_channels_along_and_waits_before_payouts(session, clock, officer, manager, grace):
    with transaction(manager, clock) as inner:
        pins.issue_temporary_pin(inner, manager, clock, grace.id)
    change(session, clock, officer, grace.id, phone="+256781000111")
    approve(session, clock, manager)
    assert pins.find_by_phone(session, "+256772123456") is None
    found = pins.find_by_phone(session, "+256781000111")
    assert (found.id, found.cooling_until) == (grace.id, clock.now() + timedelta(hours=48))
    told = session.execute(text("SELECT payload FROM outbox WHERE topic = 'members.phone_changed'")).scalar_one()
    assert (told["old_phone"], told["phone"]) == ("+256772123456", "+256781000111")
    assert [hit.id for hit in queries.search(session, manager, "0781 000 111")] == [grace.id]


def test_a_phone_that_another_member_uses_on_ussd_is_refused_at_the_end(
    session, clock, officer, manager, grace, branch
):
    sister = make_member(session, clock, branch, phone="+256781000111")
    change(session, clock, officer, grace.id, phone="+256781000111", confirmed=True)
    for member in (grace, sister):
        with transaction(manager, clock) as inner:
            pins.issue_temporary_pin(inner, manager, clock, member.id)
    with pytest.raises(PhoneHasChannel):
        approve(session, clock, manager)


def test_twins_are_warned_of_and_the_same_nin_is_refused(session, clock, officer, grace, branch):
    other = make_member(session, clock, branch, surname="Nakimully", given_names="Grace", nin=NIN)
    born = known(session, other.id).date_of_birth
    with pytest.raises(LooksLikeAnother, match="name and date of birth"):
        change(session, clock, officer, grace.id, date_of_birth=born)
    with pytest.raises(LooksLikeAnother, match="phone number"):
        change(session, clock, officer, grace.id, phone=other.phone)
    assert change(session, clock, officer, grace.id, phone=other.phone, confirmed=True)
    with pytest.raises(NinTaken, match=other.number):
        change(session, clock, officer, grace.id, nin=NIN, confirmed=True)


def test_names_that_sound_alike_are_twins_on_the_same_birthday_alone(session, clock, branch):
    one = make_member(session, clock, branch, surname="Kyomuhendo", given_names="Joy")
    alike = dataclasses.replace(known(session, one.id), surname="Kiomuhendo", phone="+256700000009")
    assert [twin.id for twin in queries.twins(session, alike.likeness)] == [one.id]
    later = dataclasses.replace(alike, date_of_birth=alike.date_of_birth + timedelta(days=1))
    assert queries.twins(session, later.likeness) == []
    stranger = dataclasses.replace(alike, surname="Byaruhanga")
    assert queries.twins(session, stranger.likeness) == []


def test_next_of_kin_change_by_two_people_and_the_earlier_are_kept(session, clock, officer, manager, grace):
    name_kin(clock, officer, grace.id, SISTER, SON)
    assert queries.kin_of(session, grace.id) == ()
    approve(session, clock, manager)
    assert set(queries.kin_of(session, grace.id)) == {SISTER, SON}
    clock.advance(timedelta(days=1))
    whole = dataclasses.replace(SISTER, share=Decimal("100.00"))
    name_kin(clock, officer, grace.id, whole)
    effects = str(session.execute(text("SELECT effects FROM approval_requests WHERE status = 'pending'")).scalar_one())
    assert "Nakato Irene (Sister) 60.00 %; Okot Peter (Son) 40.00 % → Nakato Irene (Sister) 100.00 %" in effects
    approve(session, clock, manager)
    assert queries.kin_of(session, grace.id) == (whole,)
    assert {row.name for row in queries.next_of_kin(session, grace.id, past=True)} == {"Nakato Irene", "Okot Peter"}
    with pytest.raises(NothingChanged):
        name_kin(clock, officer, grace.id, whole)


@pytest.mark.parametrize("shares", [("60.00", "39.99"), ("100.01",), ("100.00", "0.00"), ("120.00", "-20.00")])
def test_shares_sum_to_a_hundred_exactly(session, clock, officer, grace, shares):
    with pytest.raises(SharesNotWhole):
        name_kin(clock, officer, grace.id, *[dataclasses.replace(SISTER, share=Decimal(share)) for share in shares])


def test_an_application_that_waits_is_not_changed_behind_the_approver(session, clock, officer, branch):
    member_id, _request = apply_for_membership(clock, branch)
    with pytest.raises(ApplicationWaits):
        change(session, clock, officer, member_id, surname="Another")
    assert change(session, clock, officer, member_id, village="Bukoto") is None


def test_nobody_changes_members_of_another_branch_or_without_the_right(session, clock, officer, grace):
    far = dataclasses.replace(officer, branch_ids=frozenset())
    for actor in (far, dataclasses.replace(officer, permissions=frozenset())):
        with pytest.raises(NotPermitted):
            change(session, clock, actor, grace.id, village="Bukoto")
