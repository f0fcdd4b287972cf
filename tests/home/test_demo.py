"""The demo SACCO is made by the services, once, and never in production."""

from __future__ import annotations

import dataclasses

import pyotp
from sqlalchemy import text

from sacco_app import demo
from sacco_app.access import queries as access
from sacco_app.demo import office, staff, telephone
from sacco_app.demo.business import pieces
from sacco_app.demo.plan import WEEKS
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.members import pins
from sacco_app.members import queries as members
from sacco_app.savings import queries as savings


def test_the_demo_is_made_once_and_its_book_is_clean(session, clock):
    assert "25 members" in demo.load(clock, WEEKS)
    session.expire_all()
    assert proofs.differences(session) == []
    assert demo.load(clock, WEEKS) == "The demo data is there already"


def test_the_sign_ins_work_as_printed(client, session, clock):
    demo.load(clock, WEEKS)
    manager = next(person for person in staff.STAFF if person.role == "branch_manager")
    (line,) = [line for line in demo.sign_ins(clock) if manager.email in line.split()]
    client.post("/sign-in", data={"email": manager.email, "password": staff.PASSWORD})
    answer = client.post("/sign-in/code", data={"code": line.split()[-1]})
    assert answer.status_code == 303
    assert line.split()[-1] == pyotp.TOTP(manager.secret).at(clock.now())
    page = client.get("/").text
    assert "Cash by till" in page
    assert client.get("/search?q=Nakimuli").text.count("M-0") >= 1


def test_the_members_telephone_works_as_printed(session, clock):
    demo.load(clock, WEEKS)
    member = pins.find_by_phone(session, telephone.phone())
    assert member is not None
    line = demo.sign_ins(clock)[-1]
    assert telephone.phone() in line
    with transaction(Actor.system(), clock) as inner:
        assert pins.verify_pin(inner, clock, member.id, line.split()[-1]).is_right
    assert len(savings.accounts_of_member(session, member.id)) == 2


def test_production_refuses_it(app):
    kept = app.extensions["config"]
    app.extensions["config"] = dataclasses.replace(kept, environment="production")
    try:
        for command in ("load", "sign-ins"):
            result = app.test_cli_runner().invoke(args=["demo", command])
            assert result.exit_code == 1
            assert "refused" in result.output
    finally:
        app.extensions["config"] = kept


def test_staff_save_here_too_a_partner_is_let_in_and_cash_moves_at_noon(session, clock):
    demo.load(clock, WEEKS)
    session.expire_all()
    for person in office.SAVERS:
        found = access.find_by_email(session, person.email)
        actor = access.actor_of(session, found.id)
        given, surname = person.name.split()
        assert members.label(session, actor.member_id)[1] == f"{surname} {given}"
    partner = session.scalars(text("SELECT name FROM users WHERE is_technical AND email LIKE 'client:%'")).all()
    assert partner == [office.PARTNER.name]
    assert session.scalar(text("SELECT count(*) FROM cash_moves WHERE state = 'taken'")) >= 3


def test_pieces_add_up():
    assert sum(value * number for value, number in pieces(2_349_600)) == 2_349_600
