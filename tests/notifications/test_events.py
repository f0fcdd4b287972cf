"""Which event makes which message: from the counter to the text on the telephone."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import select

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.members import service as members
from sacco_app.members.models import Member
from sacco_app.members.types import PersonDetails
from sacco_app.notifications.models import MessagePreference, MessageRow
from sacco_app.organisation.queries import list_branches
from sacco_app.savings import service as savings
from sacco_app.savings.types import OpenAccount, Transfer
from sacco_app.webkit import jobs
from tests.factories.approvals import approve, second_person
from tests.factories.counter import make_counter
from tests.factories.members import make_member


@pytest.fixture
def counter(app, session, clock):
    counter = make_counter(session, clock)
    jobs.drain(app, clock)
    return counter


def texts(session, code):
    session.expire_all()
    query = select(MessageRow).where(MessageRow.code == code).order_by(MessageRow.created_at)
    return [(row.recipient, row.body) for row in session.scalars(query)]


def test_a_deposit_is_told_with_masked_account_balance_and_help(app, session, clock, counter):
    counter.deposit(50_000)
    jobs.drain(app, clock)
    [(_, told)] = texts(session, "DEPOSIT")
    assert told.startswith("UMOJA SACCO: UGX 50,000 deposited to *")
    assert "on 23/11/26 09:00. Bal UGX 50,000. Ref T1-261123-" in told
    assert told.endswith("Not you? Call 0800 100 200")
    assert "REG-" not in told


def test_a_withdrawal_is_told(app, session, clock, counter):
    counter.deposit(90_000)
    counter.withdraw(20_000)
    jobs.drain(app, clock)
    [(_, told)] = texts(session, "WITHDRAW")
    assert "UGX 20,000 withdrawn from *" in told


def test_a_member_who_wants_no_balance_in_messages_gets_none(app, session, clock, system, counter):
    member_id = session.scalar(select(MessageRow.member_id).where(MessageRow.code == "WELCOME"))
    with transaction(system, clock) as inner:
        inner.add(MessagePreference(member_id=member_id, channel="sms", topic="balance", wanted=False))
    counter.deposit(50_000)
    jobs.drain(app, clock)
    assert "Bal" not in texts(session, "DEPOSIT")[0][1]


def test_a_transfer_is_told_to_both(app, session, clock, system, counter):
    other = make_member(session, clock, list_branches(session)[0].id, surname="Apio", given_names="Ruth")
    with transaction(counter.teller, clock) as inner:
        target = savings.open_account(inner, counter.teller, clock, OpenAccount(other.id, "REG"))
    counter.deposit(90_000)
    with transaction(counter.teller, clock) as inner:
        command = Transfer(counter.account_id, target, Money(40_000, UGX), "", str(new_id()))
        savings.transfer(inner, counter.teller, clock, command)
    jobs.drain(app, clock)
    [(payer, sent)], [(receiver, received)] = texts(session, "TRANSFER_OUT"), texts(session, "TRANSFER_IN")
    assert "UGX 40,000 sent from *" in sent
    assert "UGX 40,000 received on *" in received
    assert "from O***** G****" in received
    assert receiver == other.phone != payer


def test_an_admission_is_welcomed_in_the_members_language(app, session, clock):
    make_member(session, clock, list_branches(session)[0].id, language="lg", surname="Nakato", given_names="Christine")
    jobs.drain(app, clock)
    [(_, told)] = texts(session, "WELCOME")
    assert told.startswith("UMOJA SACCO: Tukwanirizza Nakato Christine. Nnamba yo")


def test_a_changed_phone_is_told_to_the_old_and_the_new_number(app, session, clock, system):
    member = make_member(session, clock, list_branches(session)[0].id)
    row = session.get_one(Member, member.id)
    known = {n: getattr(row, n) for n in PersonDetails.__dataclass_fields__ if n != "next_of_kin"}
    details = dataclasses.replace(PersonDetails(**known), phone="+256701000789")
    with transaction(system, clock) as inner:
        members.update_member(inner, Actor.system(), clock, member.id, details, confirmed=True)
    approve(session, clock, second_person(session, clock, "branch_manager"))
    jobs.drain(app, clock)
    assert {to for to, _ in texts(session, "PHONE_CHANGED")} == {member.phone, "+256701000789"}
