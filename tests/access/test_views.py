"""Pages of the access room."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from sacco_app.access import queries
from sacco_app.approvals.errors import CheckerBenefits
from sacco_app.kernel.db import db
from tests.factories import approvals
from tests.factories.access import PASSWORD, actor_for, enrol, link_member, make_user, make_user_everywhere, sign_in
from tests.factories.members import make_member

ROOT = "/users"


def approve(session, clock, actor=None):
    """The second person says yes to what waits."""
    approvals.approve(session, clock, actor or approvals.second_person(session, clock, "compliance_officer"))


@pytest.fixture
def administrator(client, session, clock):
    return sign_in(client, session, clock, make_user_everywhere(session, clock, "administrator"))


@pytest.mark.parametrize(
    "path",
    [
        "/users",
        "/users/new",
        "/roles",
        "/roles/new",
        "/sessions",
        "/sign-ins",
        "/audit-trail",
        "/my/sessions",
        "/my/password",
    ],
)
def test_the_administrator_opens_every_page(administrator, path):
    assert administrator.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/users", "/sessions", "/sign-ins", "/audit-trail"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lists_are_files_too(administrator, path, kind):
    answer = administrator.get(f"{path}?format={kind}")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_bad_input_keeps_what_was_typed(administrator, session, clock):
    user = make_user(session, clock, "teller")
    data = {"name": "Ruth Apio", "email": "not an address", "branch_id": str(user.branch_id)}
    bad = administrator.post("/users/new", data=data)
    assert bad.status_code == 422
    assert "data-summary" in bad.text
    assert 'value="not an address"' in bad.text
    taken = administrator.post("/users/new", data={**data, "email": user.email, "roles": "teller"})
    assert taken.status_code == 409
    assert 'value="Ruth Apio"' in taken.text


def test_a_user_is_changed_unlocked_and_given_a_new_telephone(administrator, session, clock):
    user = make_user(session, clock, "head_teller")
    enrol(session, clock, user)
    url = f"{ROOT}/{user.id}"
    session.execute(
        text("UPDATE users SET locked_until = :t WHERE id = :id"), {"t": clock.now().replace(hour=9), "id": user.id}
    )
    assert "Locked until" in administrator.get(url).text
    assert administrator.post(f"{url}/unlock").status_code == 303
    assert "Locked until" not in administrator.get(url).text
    data = {"name": "Moses O.", "email": "moses@umoja.example", "roles": ["teller"], "branch_id": str(user.branch_id)}
    assert administrator.post(f"{url}/edit", data=data).status_code == 303
    assert queries.get_user(session, user.id).name == user.name
    approve(session, clock)
    facts = queries.get_user(session, user.id)
    assert (facts.name, facts.email, facts.roles) == ("Moses O.", "moses@umoja.example", ("teller",))
    assert administrator.post(f"{url}/reset-second-factor").status_code == 303
    assert queries.has_totp(session, user.id)
    approve(session, clock)
    assert not queries.has_totp(session, user.id)


def test_a_user_is_made_by_two_people(administrator, session, clock):
    branch = make_user(session, clock, "teller").branch_id
    data = {"name": "Ruth Apio", "email": "ruth@umoja.example", "roles": ["teller"], "branch_id": str(branch)}
    assert administrator.post("/users/new", data=data).status_code == 303
    assert queries.find_by_email(session, "ruth@umoja.example") is None
    approve(session, clock)
    assert queries.find_by_email(session, "ruth@umoja.example").roles == ("teller",)


def test_a_second_change_waits_for_the_first_and_the_page_says_so(administrator, session, clock):
    user = make_user(session, clock, "teller")
    data = {"name": "Grace N.", "email": user.email, "roles": ["teller"], "branch_id": str(user.branch_id)}
    assert administrator.post(f"{ROOT}/{user.id}/edit", data=data).status_code == 303
    assert "waits for a second person" in administrator.get(f"{ROOT}/{user.id}").text
    assert administrator.post(f"{ROOT}/{user.id}/edit", data=data).status_code == 409


def test_shutting_out_is_at_once_and_letting_in_takes_two(administrator, session, clock):
    user = make_user(session, clock, "teller")
    url = f"{ROOT}/{user.id}"
    assert administrator.post(f"{url}/shut-out", data={"reason": ""}).status_code == 422
    assert administrator.post(f"{url}/shut-out", data={"reason": "Left"}).status_code == 303
    assert "Let in again" in administrator.get(url).text
    assert administrator.post(f"{url}/let-in").status_code == 303
    assert "Let in again" in administrator.get(url).text
    approve(session, clock)
    assert "Shut out at once" in administrator.get(url).text


def test_nobody_approves_a_change_of_the_own_rights(administrator, session, clock):
    manager = make_user_everywhere(session, clock, "branch_manager")
    roles = ["branch_manager", "accountant"]
    data = {"name": manager.name, "email": manager.email, "roles": roles, "branch_id": str(manager.branch_id)}
    administrator.post(f"{ROOT}/{manager.id}/edit", data=data | {"all_branches": "y"})
    with pytest.raises(CheckerBenefits):
        approve(session, clock, actor_for(session, manager))


def test_an_auditor_reads_a_user_and_changes_nothing(client, session, clock):
    user = make_user(session, clock, "teller")
    sign_in(client, session, clock, make_user_everywhere(session, clock, "auditor"))
    page = client.get(f"{ROOT}/{user.id}")
    assert page.status_code == 200
    assert "Shut out" not in page.text
    assert client.get(f"{ROOT}/{user.id}/edit").status_code == 403


def test_the_system_user_has_no_page(administrator):
    assert administrator.get(f"{ROOT}/00000000-0000-0000-0000-000000000000").status_code == 404
    assert administrator.post(f"{ROOT}/00000000-0000-0000-0000-000000000000/reset-link").status_code == 404


def test_a_session_of_another_is_revoked(administrator, session, clock, app):
    user = make_user(session, clock, "teller")
    other = app.test_client()
    other.post("/sign-in", data={"email": user.email, "password": PASSWORD}, headers={"User-Agent": "Till browser 7"})
    assert "Till browser 7" in administrator.get("/sessions?who=teller").text
    page = administrator.get(f"{ROOT}/{user.id}").text
    url = page.split(f'action="{ROOT}/{user.id}/sessions/')[1].split('"')[0]
    assert administrator.post(f"{ROOT}/{user.id}/sessions/{url}").status_code == 303
    assert other.get("/my/sessions").status_code == 303
    assert "Till browser 7" not in administrator.get("/sessions").text


def test_nobody_ends_the_session_of_somebody_else(client, session, clock, app):
    victim = app.test_client()
    user = make_user(session, clock, "teller")
    victim.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    theirs = session.scalar(text("SELECT id FROM staff_sessions WHERE user_id = :id"), {"id": user.id})
    sign_in(client, session, clock, make_user(session, clock, "teller", email="other@umoja.example"))
    assert client.post(f"/my/sessions/{theirs}/end").status_code == 403
    assert victim.get("/my/sessions").status_code == 200


def test_a_role_is_changed_on_its_page(administrator, session, clock):
    role = session.scalar(text("SELECT id FROM roles WHERE code = 'auditor'"))
    page = administrator.get(f"/roles/{role}").text
    assert 'value="access:audit:view" checked' in page
    data = {"code": "auditor", "name": "Auditor", "permissions": ["access:audit:view"]}
    assert administrator.post(f"/roles/{role}", data=data).status_code == 303
    assert len(queries.permissions_of(session, role)) > 1
    approve(session, clock)
    assert queries.permissions_of(session, role) == ["access:audit:view"]
    assert administrator.post("/roles/new", data={"code": "Bad Code", "name": "X"}).status_code == 422
    own = session.scalar(text("SELECT id FROM roles WHERE code = 'administrator'"))
    refused = administrator.post(f"/roles/{own}", data={"code": "administrator", "name": "Mine", "permissions": []})
    assert refused.status_code == 409
    assert "ask a colleague" in refused.text


def test_the_second_factor_is_enrolled_by_picture(client, session, clock):
    user = make_user(session, clock, "accountant")
    client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    page = client.get("/my/second-factor").text
    assert "Your role demands a second factor" in page
    assert "Cancel" not in page
    picture = client.get("/my/second-factor/picture")
    assert picture.mimetype == "image/svg+xml"
    assert "script" not in picture.text
    secret = page.split("<code>")[1].split("</code>")[0]
    assert client.post("/my/second-factor", data={"code": "000000"}).status_code == 409
    done = client.post("/my/second-factor", data={"code": pyotp.TOTP(secret).at(clock.now())})
    codes = [part.split("</code>")[0] for part in done.text.split("<code>")[1:]]
    assert len(codes) == 8
    stored = session.scalars(text("SELECT code_hash FROM recovery_codes")).all()
    assert not set(codes) & set(stored)
    assert client.get("/my/second-factor/picture").status_code == 409
    client.post("/sign-out")
    for expected in (303, 401):
        client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
        assert client.post("/sign-in/code", data={"code": codes[0].lower()}).status_code == expected


def test_looking_at_the_own_second_factor_changes_nothing_and_says_what_is_true(client, session, clock):
    user = make_user(session, clock, "teller")
    sign_in(client, session, clock, user)
    trail = session.scalar(text("SELECT count(*) FROM audit_events"))
    page = client.get("/my/second-factor").text
    client.get("/my/second-factor/picture")
    session.expire_all()
    assert session.scalar(text("SELECT totp_secret FROM users WHERE id = :id"), {"id": user.id}) is None
    assert session.scalar(text("SELECT count(*) FROM audit_events")) == trail
    assert "by your own choice" in page
    assert "Your role" not in page
    assert "recovery codes" not in page
    assert 'href="/my/sessions">Cancel</a>' in page
    secret = page.split("<code>")[1].split("</code>")[0]
    assert secret in client.get("/my/second-factor").text
    with client.session_transaction() as kept:
        assert secret not in str(dict(kept))
    assert (
        "Your recovery codes"
        in client.post("/my/second-factor", data={"code": pyotp.TOTP(secret).at(clock.now())}).text
    )
    assert "one of your recovery codes" in client.get("/my/second-factor").text
    client.post("/sign-out")
    client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert "one of your recovery codes" in client.get("/sign-in/code").text
    session.execute(text("DELETE FROM recovery_codes"))
    assert "one of your recovery codes" not in client.get("/sign-in/code").text
    clock.advance(timedelta(minutes=1))
    assert client.post("/sign-in/code", data={"code": pyotp.TOTP(secret).at(clock.now())}).status_code == 303


def test_recovery_codes_are_renewed(client, session, clock):
    user = make_user(session, clock, "accountant")
    codes = pyotp.TOTP(enrol(session, clock, user))
    client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    client.post("/sign-in/code", data={"code": codes.at(clock.now())})
    assert "8 of your recovery codes" in client.get("/my/second-factor").text
    assert client.post("/my/second-factor", data={"code": codes.at(clock.now())}).status_code == 409
    clock.advance(timedelta(minutes=1))
    answer = client.post("/my/second-factor", data={"code": codes.at(clock.now())})
    assert answer.text.count("<code>") == 8
    assert queries.recovery_codes_left(session, user.id) == 8


def test_guesses_are_noted_and_strangers_are_locked_like_staff(client, session, clock):
    for _ in range(5):
        assert "is not right" in client.post("/sign-in", data={"email": "nobody@x.example", "password": "x"}).text
    assert "Too many attempts" in client.post("/sign-in", data={"email": "nobody@x.example", "password": "x"}).text
    outcomes = session.scalars(text("SELECT outcome FROM login_attempts ORDER BY id")).all()
    assert outcomes == ["refused"] * 5 + ["locked"]


def test_an_address_that_guesses_at_everybody_is_stopped(client, session, clock):
    for number in range(40):
        client.post("/sign-in", data={"email": f"guess{number}@x.example", "password": "x"})
    user = make_user(session, clock, "teller")
    assert "from this address" in client.post("/sign-in", data={"email": user.email, "password": PASSWORD}).text
    elsewhere = {"REMOTE_ADDR": "192.0.2.99"}
    right = {"email": user.email, "password": PASSWORD}
    assert client.post("/sign-in", data=right, environ_base=elsewhere).status_code == 303


def test_the_actor_is_loaded_with_one_query(client, session, clock):
    sign_in(client, session, clock, make_user(session, clock, "teller"))
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if "staff_sessions" in statement:
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        client.get("/my/password")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) == 1
    assert "permission" in seen[0]


def test_the_audit_trail_tells_who_did_what(administrator, session, clock):
    user = make_user(session, clock, "teller")
    data = {"name": "Grace N.", "email": user.email, "roles": ["teller"], "branch_id": str(user.branch_id)}
    administrator.post(f"{ROOT}/{user.id}/edit", data=data)
    approve(session, clock)
    page = administrator.get(f"/audit-trail?what=users.changed&thing={user.id}&from=2026-11-23&to=2026-11-23").text
    assert "Name: Teller → Grace N." in page
    assert "User changed: Grace N." in page
    link = page.split('href="/audit-trail/')[1].split('"')[0]
    detail = administrator.get(f"/audit-trail/{link}").text
    assert "Grace N." in detail
    assert "192.0.2.7" in detail
    assert "Nothing in this time" in administrator.get("/audit-trail?to=2020-01-01").text
    assert administrator.get("/audit-trail?from=soon&to=9999-12-31").status_code == 200


def test_the_audit_trail_cannot_be_edited(session, clock):
    make_user(session, clock, "teller")
    with pytest.raises(DBAPIError, match="append"), session.begin_nested():
        session.execute(text("UPDATE audit_events SET reason = 'forged'"))


def test_a_user_who_is_a_member_is_told_by_number_once(administrator, session, clock):
    user = make_user(session, clock, "teller")
    member = make_member(session, clock, user.branch_id)
    url = f"{ROOT}/{user.id}"
    data = {"name": user.name, "email": user.email, "roles": ["teller"], "branch_id": str(user.branch_id)}
    unknown = administrator.post(f"{url}/edit", data=data | {"member_number": "M-999999"})
    assert unknown.status_code == 422
    assert "There is no member with this number" in unknown.text
    assert 'value="M-999999"' in unknown.text
    assert administrator.post(f"{url}/edit", data=data | {"member_number": member.number.lower()}).status_code == 303
    assert queries.users_of_member(session, member.id) == []
    approve(session, clock)
    assert queries.users_of_member(session, member.id) == [user.id]
    assert member.number in administrator.get(url).text
    assert f'value="{member.number}"' in administrator.get(f"{url}/edit").text
    told = session.scalars(text("SELECT after FROM audit_events WHERE subject_id = :id"), {"id": str(user.id)})
    assert str(member.id) in str(told.all())
    twin = data | {"name": "Ruth Apio", "email": "ruth@umoja.example", "member_number": member.number}
    refused = administrator.post("/users/new", data=twin)
    assert refused.status_code == 409
    assert "Another user is this member already" in refused.text


def test_letting_in_again_keeps_the_member(administrator, session, clock):
    user = make_user(session, clock, "teller")
    member = make_member(session, clock, user.branch_id)
    link_member(session, user, member.id)
    administrator.post(f"{ROOT}/{user.id}/shut-out", data={"reason": "Left"})
    administrator.post(f"{ROOT}/{user.id}/let-in")
    approve(session, clock)
    assert queries.users_of_member(session, member.id) == [user.id]
