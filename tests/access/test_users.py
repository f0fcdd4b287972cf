"""Users, roles and what an administrator may and may not do to others."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from sacco_app.access import queries, service
from sacco_app.access.errors import (
    BranchNotYours,
    EmailTaken,
    LinkUnknown,
    OwnRights,
    PasswordTooWeak,
    PasswordWrong,
    PermissionUnknown,
    RoleCodeTaken,
    RoleUnknown,
)
from sacco_app.access.types import CreateUser, SaveRole, UpdateUser
from sacco_app.kernel.actor import SYSTEM_USER_ID
from sacco_app.kernel.errors import NotFound, NotPermitted
from sacco_app.kernel.uow import transaction
from sacco_app.organisation import queries as organisation
from sacco_app.organisation import service as organisation_service
from sacco_app.organisation.types import SaveBranch
from tests.factories.access import PASSWORD, actor_for, make_user, make_user_everywhere


def do(actor, clock, verb, *args):
    with transaction(actor, clock) as session:
        return verb(session, actor, clock, *args)


@pytest.fixture
def other_branch(session, system, clock):
    return do(system, clock, organisation_service.save_branch, SaveBranch("MBR", "Mbarara", "", ""))


@pytest.fixture
def administrator(session, clock):
    return actor_for(session, make_user(session, clock, "administrator"))


def change(user, **over):
    values = {"email": user.email, "name": user.name, "roles": user.roles, "branch_id": user.branch_id}
    return UpdateUser(user.id, **{**values, "all_branches": False, "is_active": True, **over})


def role_id(session, code):
    return session.scalar(text("SELECT id FROM roles WHERE code = :code"), {"code": code})


def test_a_user_is_created_with_roles_and_branches(session, system, clock, other_branch):
    home = organisation.list_branches(session)[0].id
    command = CreateUser("Ruth@Umoja.example ", "Ruth Apio", ("teller", "loan_officer"), home, branches=(other_branch,))
    user_id = do(system, clock, service.create_user, command)
    facts = queries.get_user(session, user_id)
    assert (facts.email, facts.roles) == ("ruth@umoja.example", ("loan_officer", "teller"))
    actor = queries.actor_of(session, user_id)
    assert actor.branch_ids == {home, other_branch}
    assert {"teller:till:operate", "members:member:edit"} <= actor.permissions
    assert queries.names(session, [user_id, None]) == {user_id: "Ruth Apio"}


def test_an_address_belongs_to_one_user(session, system, clock):
    user = make_user(session, clock, "teller")
    with pytest.raises(EmailTaken):
        do(system, clock, service.create_user, CreateUser(user.email.upper(), "Twin", ("teller",), user.branch_id))
    other = make_user(session, clock, "teller", email="other@umoja.example")
    with pytest.raises(EmailTaken):
        do(system, clock, service.update_user, change(other, email=user.email))


@pytest.mark.parametrize(
    ("over", "error"),
    [({"roles": ("king",)}, RoleUnknown), ({"password": "short"}, PasswordTooWeak)],
)
def test_a_user_is_not_created_wrongly(session, system, clock, over, error):
    values = {"email": "x@umoja.example", "name": "X Y", "roles": ("teller",), "branch_id": None, **over}
    with pytest.raises(error):
        do(system, clock, service.create_user, CreateUser(**values))
    assert queries.find_by_email(session, "x@umoja.example") is None


def test_nobody_changes_their_own_rights(session, clock, administrator):
    me = queries.get_user(session, administrator.user_id)
    with pytest.raises(OwnRights):
        do(administrator, clock, service.update_user, change(me, roles=("teller", "administrator")))
    with pytest.raises(OwnRights):
        do(administrator, clock, service.reset_totp, me.id)
    mine = SaveRole("administrator", "Administrator", False, ("access:user:edit",), role_id(session, "administrator"))
    with pytest.raises(OwnRights):
        do(administrator, clock, service.save_role, mine)


def test_the_program_itself_cannot_be_taken_over(clock, system, administrator):
    for actor in (system, administrator):
        for verb in (service.send_reset_link, service.ask_show_link, service.reset_totp, service.unlock_user):
            if actor is system and verb is service.reset_totp:
                continue
            with pytest.raises(NotFound):
                do(actor, clock, verb, SYSTEM_USER_ID)
    with pytest.raises(NotFound):
        do(system, clock, service.issue_reset_link, UUID(int=7))


def test_an_administrator_of_a_branch_stays_in_it(session, clock, administrator, other_branch):
    stranger = make_user(session, clock, "teller", other_branch, "far@umoja.example")
    for verb, *args in (
        (service.update_user, change(stranger, name="Mine")),
        (service.send_reset_link, stranger.id),
        (service.ask_show_link, stranger.id),
        (service.reset_totp, stranger.id),
        (service.unlock_user, stranger.id),
    ):
        with pytest.raises(NotPermitted):
            do(administrator, clock, verb, *args)
    near = make_user(session, clock, "teller")
    for over in ({"branch_id": other_branch}, {"branches": (other_branch,)}, {"all_branches": True}):
        with pytest.raises(BranchNotYours):
            do(administrator, clock, service.update_user, change(near, **over))


def test_whoever_is_shut_out_is_out_at_once(session, system, clock, client):
    user = make_user(session, clock, "teller")
    client.post("/sign-in", data={"email": user.email, "password": PASSWORD})
    assert client.get("/my/sessions").status_code == 200
    do(system, clock, service.update_user, change(user, is_active=False))
    assert client.get("/my/sessions").status_code == 303
    assert client.post("/sign-in", data={"email": user.email, "password": PASSWORD}).status_code == 401


def test_links_work_once_and_not_for_long(session, system, clock):
    user = make_user(session, clock, "teller")
    old = do(system, clock, service.issue_reset_link, user.id)
    new = do(system, clock, service.issue_reset_link, user.id)
    with pytest.raises(LinkUnknown):
        do(system, clock, service.set_password_by_link, old, "seven brown otters")
    with pytest.raises(PasswordTooWeak):
        do(system, clock, service.set_password_by_link, new, "short")
    clock.advance(timedelta(hours=24, seconds=1))
    with pytest.raises(LinkUnknown):
        do(system, clock, service.set_password_by_link, new, "seven brown otters")
    stored = session.scalars(text("SELECT token_hash FROM password_resets")).all()
    assert old not in stored
    assert new not in stored


def test_a_password_is_changed_with_the_present_one(session, clock):
    teller = actor_for(session, make_user(session, clock, "teller"))
    with pytest.raises(PasswordWrong):
        do(teller, clock, service.change_password, "not it", "seven brown otters")
    do(teller, clock, service.change_password, PASSWORD, "seven brown otters")
    stored = session.scalar(text("SELECT password_hash FROM users WHERE id = :id"), {"id": teller.user_id})
    assert stored.startswith("$argon2id$")


def test_a_role_is_made_and_changed_and_noticed_at_once(session, clock, system, administrator):
    permissions = ("members:member:view", "savings:account:view")
    made = do(administrator, clock, service.save_role, SaveRole("clerk", "Clerk", False, permissions))
    user = make_user(session, clock, "clerk")
    assert actor_for(session, user).permissions == set(permissions)
    do(administrator, clock, service.save_role, SaveRole("clerk", "Clerk", True, permissions[:1], made))
    assert actor_for(session, user).permissions == {"members:member:view"}
    assert queries.needs_totp(session, user.id)
    with pytest.raises(RoleCodeTaken):
        do(administrator, clock, service.save_role, SaveRole("clerk", "Clerk again", False, ()))
    with pytest.raises(PermissionUnknown):
        do(administrator, clock, service.save_role, SaveRole("clerk", "Clerk", False, ("bank:rob",), made))
    with pytest.raises(NotFound):
        do(administrator, clock, service.save_role, SaveRole("x", "X", False, (), UUID(int=9)))


def test_a_teller_changes_nobody(session, clock):
    teller = actor_for(session, make_user(session, clock, "teller"))
    other = make_user(session, clock, "teller", email="other@umoja.example")
    for verb, *args in (
        (service.create_user, CreateUser("x@umoja.example", "X", ("teller",), other.branch_id)),
        (service.update_user, change(other, roles=("administrator",))),
        (service.send_reset_link, other.id),
        (service.ask_show_link, other.id),
        (service.show_reset_link, other.id),
        (service.reset_totp, other.id),
        (service.unlock_user, other.id),
        (service.save_role, SaveRole("x", "X", False, ())),
    ):
        with pytest.raises(NotPermitted):
            do(teller, clock, verb, *args)


def test_secrets_stay_out_of_the_audit_trail(session, clock):
    user = make_user_everywhere(session, clock, "teller")
    after = session.scalar(
        text("SELECT after::text FROM audit_events WHERE action = 'users.created' AND subject_id = :id"),
        {"id": str(user.id)},
    )
    assert "argon2" not in after
    assert "(hidden)" in after
