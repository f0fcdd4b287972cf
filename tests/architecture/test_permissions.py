"""Who may open what: every role against every endpoint, as a reviewed file.

A change of a role or of a view's permission shows as a change of `role_endpoints.txt`. Write it anew with
`UPDATE_SNAPSHOTS=1 pytest tests/architecture/test_permissions.py` and read the difference before committing it.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

import sacco_app
from sacco_app.access.catalogue import PERMISSIONS
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.ids import new_id
from sacco_app.webkit.auth import PUBLIC, SIGNED_IN, door_of, may_open, required_permissions

SNAPSHOT = Path(__file__).with_name("role_endpoints.txt")
ROLES = json.loads((files("sacco_app.access") / "data" / "roles.json").read_text())
READ_ONLY = "auditor"
PUBLIC_ENDPOINTS = {
    "api_reference.openapi",
    "api_reference.page",
    "access.forgot_password",
    "access.set_password",
    "access.sign_in",
    "access.sign_in_code",
    "documents.check_document",
    "healthz",
    "notifications.service_worker",
    "organisation.show_logo",
    "sms_hooks.receive_sms_call",
    "static",
    "transactions.check_picture",
    "transactions.check_receipt",
    "ussd_hooks.receive_hop",
}
# Behind the door "anybody" of the API: what is asked for there is a PIN, a refresh token or a client's secret.
OPEN_OPERATIONS = {"api.choose_pin", "api.client_token", "api.refresh", "api.sign_in"}
# The page is for reading; what is posted to it is refused by its service unless the permission of that act is held.
# Posting there puts onto paper what may be read; it changes nothing.
PAPER = {"ledger.make_trial_balance", "statements.new_statement"}
GUARDED_WITHIN = {
    "notifications.show_words",
    "members.show_next_of_kin",
    "approvals.cancel",
    "approvals.decide",
    "approvals.execute",
    "ledger.list_periods",
}


def endpoints(app):
    return sorted({rule.endpoint for rule in app.url_map.iter_rules()})


def table(app):
    actors = {code: Actor(new_id(), code, frozenset(role["permissions"])) for code, role in ROLES.items()}
    lines = []
    for endpoint in endpoints(app):
        needed = required_permissions(endpoint) or ()
        door = door_of(endpoint)
        if door:
            who = door.who
        elif PUBLIC in needed or SIGNED_IN in needed:
            who = "everybody" if PUBLIC in needed else "staff"
        else:
            who = " ".join(code for code, actor in actors.items() if may_open(actor, endpoint)) or "nobody"
        lines.append(f"{endpoint} [{' '.join(needed)}]: {who}")
    return "\n".join(lines) + "\n"


def test_the_table_of_roles_and_endpoints_is_the_reviewed_one(app):
    now = table(app)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(now)
    reviewed = set(SNAPSHOT.read_text().splitlines())
    present = set(now.splitlines())
    assert present == reviewed, (
        "roles and endpoints have changed: review, then UPDATE_SNAPSHOTS=1\n"
        + "\n".join(f"- {line}" for line in sorted(reviewed - present))
        + "\n"
        + "\n".join(f"+ {line}" for line in sorted(present - reviewed))
    )


def test_every_endpoint_names_its_permission(app):
    assert [endpoint for endpoint in endpoints(app) if not required_permissions(endpoint)] == []


def test_the_public_list_is_short_and_known(app):
    public = {endpoint for endpoint in endpoints(app) if PUBLIC in (required_permissions(endpoint) or ())}
    assert public <= PUBLIC_ENDPOINTS


def test_every_operation_of_the_api_has_a_door_and_few_are_open(app):
    operations = [endpoint for endpoint in endpoints(app) if endpoint.startswith("api.")]
    doors = {endpoint: door_of(endpoint) for endpoint in operations}
    assert operations
    assert None not in doors.values()
    assert {endpoint for endpoint, door in doors.items() if door.name == "anybody"} == OPEN_OPERATIONS


def test_every_permission_that_a_view_asks_for_is_in_the_catalogue(app):
    staffed = [endpoint for endpoint in endpoints(app) if not door_of(endpoint)]
    asked = {name for endpoint in staffed for name in required_permissions(endpoint) or ()}
    assert asked - {PUBLIC, SIGNED_IN} <= PERMISSIONS.keys()


def test_every_permission_of_a_room_is_in_the_catalogue_and_in_a_role():
    named = set()
    for room in pkgutil.iter_modules(sacco_app.__path__):
        try:
            types = importlib.import_module(f"sacco_app.{room.name}.types")
        except ModuleNotFoundError:
            continue
        for thing in vars(types).values():
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__name__.endswith("Permission"):
                named |= {str(value) for value in thing}
    held = {permission for role in ROLES.values() for permission in role["permissions"]}
    assert named <= PERMISSIONS.keys()
    assert PERMISSIONS.keys() == held


def test_the_read_only_role_can_change_nothing(app):
    auditor = Actor(new_id(), READ_ONLY, frozenset(ROLES[READ_ONLY]["permissions"]))
    assert all(name.endswith(":view") for name in auditor.permissions)
    changing = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods is not None
        and rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        and may_open(auditor, rule.endpoint)
        and not {PUBLIC, SIGNED_IN} & set(required_permissions(rule.endpoint) or ())
    ]
    assert [name for name in changing if name not in GUARDED_WITHIN | PAPER] == []


def test_whoever_approves_signs_in_with_a_second_factor():
    for code, role in ROLES.items():
        approves = any(name.rsplit(":", 1)[1] in ("approve", "edit") for name in role["permissions"])
        assert not approves or role["requires_totp"] or code == "loan_officer", code
