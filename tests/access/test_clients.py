"""Programs that call the API: who is let in, and what a secret that got about is worth."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from sacco_app.access import service
from sacco_app.access.catalogue import SCOPES
from sacco_app.access.errors import (
    BranchNotYours,
    LastSecret,
    NetworkNotUnderstood,
    ScopeUnknown,
    SecretNotAllowed,
    TwoSecretsAlready,
)
from sacco_app.access.types import CreateClient, RotateSecret, SaveClient, UpdateClient
from sacco_app.approvals.errors import MakerIsChecker
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.uow import transaction
from sacco_app.organisation.queries import list_branches
from sacco_app.organisation.service import save_branch
from sacco_app.organisation.types import SaveBranch
from tests.factories import approvals
from tests.factories.access import actor_for, make_user, make_user_everywhere, sign_in
from tests.factories.clients import make_client, rotate_secret

HERE = "198.51.100.7"
PARTNER = SaveClient("Pay Partner", "Irene 0772 000 111", ("reports:read", "members:contact"))


@pytest.fixture
def boss(session, clock):
    return actor_for(session, make_user_everywhere(session, clock, "administrator"))


def do(clock, actor, verb, *arguments):
    with transaction(actor, clock) as inner:
        return verb(inner, actor, clock, *arguments)


def knock(clock, new, secret=None, ip=HERE):
    with transaction(Actor.system(channel="api"), clock) as inner:
        return service.authenticate_client(inner, clock, new.client_id, secret or new.secret, ip)


def test_a_client_acts_with_what_its_scopes_open_and_in_its_own_name(session, clock, boss):
    new = make_client(clock, boss, PARTNER)
    actor = knock(clock, new)
    assert (actor.user_id, actor.name, actor.channel) == (new.id, "Pay Partner", "api")
    assert actor.may("members:contact")
    assert actor.may("ledger:report:view")
    assert not actor.may("members:member:view")
    assert actor.branch_ids is None
    used = session.execute(text("SELECT last_used_at, last_used_ip FROM api_clients")).one()
    assert tuple(used) == (clock.now(), HERE)


def test_what_is_wrong_is_refused_and_noted(session, clock, boss):
    new = make_client(clock, boss, PARTNER)
    assert knock(clock, new, "guessed") is None
    assert knock(clock, type(new)(new.id, "client-nobody", new.secret)) is None
    rows = session.execute(text("SELECT email FROM login_attempts WHERE outcome = 'client_refused'")).scalars().all()
    assert rows == [new.client_id, "client-nobody"]


def test_two_secrets_are_good_until_one_is_retired(session, clock, boss):
    new = make_client(clock, boss, PARTNER)
    second = rotate_secret(clock, boss, new)
    assert knock(clock, new)
    assert knock(clock, second)
    with pytest.raises(TwoSecretsAlready):
        rotate_secret(clock, boss, new)
    with pytest.raises(TwoSecretsAlready):
        do(clock, boss, service.ask_rotate_secret, new.id)
    rows = session.execute(text("SELECT id FROM api_client_secrets ORDER BY created_at, id")).scalars().all()
    do(clock, boss, service.retire_secret, new.id, rows[0])
    assert knock(clock, new) is None
    assert knock(clock, second)
    with pytest.raises(LastSecret):
        do(clock, boss, service.retire_secret, new.id, rows[1])


def test_the_list_of_addresses_and_the_end_hold_for_tokens_too(session, clock, boss):
    until = clock.now() + timedelta(days=30)
    command = SaveClient(*[getattr(PARTNER, n) for n in ("name", "contact", "scopes")], ("198.51.100.0/24",), (), until)
    new = make_client(clock, boss, command)
    assert knock(clock, new)
    assert knock(clock, new, ip="203.0.113.9") is None
    assert service.client_actor(session, clock, new.id, HERE)
    assert service.client_actor(session, clock, new.id, "203.0.113.9") is None
    clock.advance(timedelta(days=30))
    assert knock(clock, new) is None
    assert service.client_actor(session, clock, new.id, HERE) is None


def test_a_revoked_client_is_out_at_once(session, clock, boss):
    new = make_client(clock, boss, PARTNER)
    do(clock, boss, service.revoke_client, new.id, "Contract ended")
    assert knock(clock, new) is None
    assert service.client_actor(session, clock, new.id, HERE) is None


def test_a_client_of_one_branch_sees_that_branch(session, clock, boss):
    branch = list_branches(session)[0].id
    new = make_client(clock, boss, SaveClient("Branch tool", "Ivan", ("reports:read",), (), (branch,)))
    assert knock(clock, new).branch_ids == {branch}


@pytest.mark.parametrize(
    ("over", "error"), [({"networks": ("home",)}, NetworkNotUnderstood), ({"scopes": ("all",)}, ScopeUnknown)]
)
def test_what_does_not_exist_is_refused(session, clock, boss, over, error):
    plain = {"name": "Tool", "contact": "Ivan", "scopes": ("reports:read",)} | over
    with pytest.raises(error):
        make_client(clock, boss, SaveClient(**plain))


def test_no_secret_is_kept_in_the_audit_trail(session, clock, boss):
    new = make_client(clock, boss, PARTNER)
    stored = session.execute(text("SELECT secret_hash FROM api_client_secrets")).scalar_one()
    trail = str(session.execute(text("SELECT after FROM audit_events")).scalars().all())
    assert new.secret not in trail
    assert stored not in trail


def approve(session, clock):
    approvals.approve(session, clock, approvals.second_person(session, clock, "compliance_officer"))


def test_the_administrator_asks_rotates_and_revokes(client, session, clock):
    sign_in(client, session, clock, make_user_everywhere(session, clock, "administrator"))
    assert "No program calls the API yet" in client.get("/api-clients").text
    typed = {"name": "Pay Partner", "contact": "Irene", "scopes": ["reports:read"], "networks": "nowhere"}
    refused = client.post("/api-clients/new", data=typed)
    assert refused.status_code == 422
    assert "nowhere" in refused.text
    assert client.post("/api-clients/new", data=typed | {"networks": "198.51.100.0/24"}).status_code == 303
    assert "No program calls the API yet" in client.get("/api-clients").text
    approve(session, clock)
    page = f"/api-clients/{session.execute(text('SELECT id FROM api_clients')).scalar_one()}"
    client_id = re.search(r"client-[a-z0-9]{16}", client.post(f"{page}/secrets/show").text)[0]
    assert client_id in client.get(page).text
    assert "198.51.100.0/24" in client.get(f"{page}/edit").text
    assert client.post(f"{page}/secrets").status_code == 303
    assert client.post(f"{page}/secrets/show").status_code == 409
    assert client.post(f"{page}/edit", data=typed | {"networks": ""}).status_code == 409
    approve(session, clock)
    assert client.post(f"{page}/secrets/show").status_code == 200
    assert client.post(f"{page}/secrets").status_code == 409
    assert client.post(f"{page}/revoke", data={"reason": ""}).status_code == 422
    assert client.post(f"{page}/revoke", data={"reason": "Contract ended"}).status_code == 303
    assert client.post(f"{page}/edit", data=typed | {"networks": ""}).status_code == 409


def test_nobody_alone_lets_a_program_do_more_or_learns_its_secret(client, session, clock):
    user = make_user_everywhere(session, clock, "administrator")
    maker = actor_for(session, user)
    new = make_client(clock, maker, PARTNER)
    sign_in(client, session, clock, user)
    page = f"/api-clients/{new.id}"
    more = {"name": "Pay Partner", "contact": "Irene", "scopes": list(SCOPES)}
    assert client.post(f"{page}/edit", data=more).status_code == 303
    assert not knock(clock, new).may("members:read")
    with pytest.raises(MakerIsChecker):
        approvals.approve(session, clock, maker)
    told = client.get(f"/approvals/{approvals.waiting(session)}").text
    assert "→" in told
    approve(session, clock)
    assert knock(clock, new).may("members:read")
    for verb, command in (
        (service.create_client, CreateClient(PARTNER, maker.user_id)),
        (service.update_client, UpdateClient(new.id, PARTNER)),
        (service.rotate_secret, RotateSecret(new.id, maker.user_id)),
    ):
        with pytest.raises(NotPermitted):
            do(clock, replace(maker, permissions=maker.permissions - {"access:client:approve"}), verb, command)


def test_a_secret_is_shown_to_who_asked_for_it_within_a_day(session, clock, boss):
    with transaction(Actor.system(), clock) as inner:
        client_id = service.create_client(inner, Actor.system(), clock, CreateClient(PARTNER, boss.user_id))
    other = actor_for(session, make_user(session, clock, "administrator", all_branches=True))
    with pytest.raises(SecretNotAllowed):
        do(clock, other, service.show_secret, client_id)
    clock.advance(timedelta(hours=24, seconds=1))
    with pytest.raises(SecretNotAllowed):
        do(clock, boss, service.show_secret, client_id)


def test_whoever_sees_one_branch_gives_programs_no_more(client, session, clock, boss):
    user = make_user(session, clock, "administrator")
    near, here = actor_for(session, user), list_branches(session)[0].id
    with transaction(Actor.system(), clock) as inner:
        away = save_branch(inner, Actor.system(), clock, SaveBranch("MBR", "Mbarara", "", ""))
    everywhere = make_client(clock, boss, PARTNER)
    there = make_client(clock, boss, SaveClient("Far tool", "Ivan", ("reports:read",), (), (away,)))
    for command in (PARTNER, replace(PARTNER, branches=(away,)), replace(PARTNER, branches=(here, away))):
        with pytest.raises(BranchNotYours):
            do(clock, near, service.ask_create_client, command)
    do(clock, near, service.ask_create_client, replace(PARTNER, branches=(here,)))
    sign_in(client, session, clock, user)
    listed = client.get("/api-clients").text
    for new in (everywhere, there):
        assert new.client_id not in listed
        assert client.get(f"/api-clients/{new.id}").status_code == 403
        assert client.post(f"/api-clients/{new.id}/revoke", data={"reason": "x"}).status_code == 403


def test_a_technical_user_is_in_no_list_and_cannot_be_opened(client, session, clock):
    boss = make_user_everywhere(session, clock, "administrator")
    new = make_client(clock, actor_for(session, boss), PARTNER)
    sign_in(client, session, clock, boss)
    assert "Pay Partner" not in client.get("/users").text
    assert "Channel ussd" not in client.get("/users").text
    assert client.get(f"/users/{new.id}").status_code == 404
