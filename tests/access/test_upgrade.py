"""An upgrade brings what is new for the roles, and nothing that an administrator took away."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from sacco_app.access import queries, service
from sacco_app.access.setup import ROLES, install
from sacco_app.access.types import SaveRole
from sacco_app.kernel.uow import transaction

NEW, TAKEN = "savings:product:approve", "ledger:journal:post"


@pytest.fixture
def accountant(session):
    return session.scalar(text("SELECT id FROM roles WHERE code = 'accountant'"))


@pytest.fixture
def upgrade(session, clock, system):
    def run():
        with transaction(system, clock) as inner:
            install(inner, clock, "UG-SACCO-TIER4")
        session.expire_all()

    return run


def take_away(session, clock, system, role_id):
    """An administrator unticks one permission."""
    kept = tuple(name for name in queries.permissions_of(session, role_id) if name != TAKEN)
    with transaction(system, clock) as inner:
        service.save_role(inner, system, clock, SaveRole("accountant", "Accountant", True, kept, role_id))


def forget(session, role_id, *, noted):
    """The role as a version before the new permission has left it."""
    values = {"role": role_id, "new": NEW}
    session.execute(text("DELETE FROM role_permissions WHERE role_id = :role AND permission = :new"), values)
    only = " AND permission = :new" if noted else ""
    session.execute(text(f"DELETE FROM role_offers WHERE role_id = :role{only}"), values)


@pytest.mark.parametrize("noted", [True, False], ids=["offers were noted", "from before they were noted"])
def test_what_is_new_comes_and_what_was_taken_away_stays_away(session, clock, system, accountant, upgrade, noted):
    take_away(session, clock, system, accountant)
    forget(session, accountant, noted=noted)
    upgrade()
    held = queries.permissions_of(session, accountant)
    assert NEW in held
    assert TAKEN not in held
    told = session.execute(text("SELECT subject_id, after FROM audit_events WHERE action = 'roles.extended'")).all()
    assert [(row.subject_id, row.after["permissions"]) for row in told] == [(str(accountant), [NEW])]
    upgrade()
    assert queries.permissions_of(session, accountant) == held


def test_a_second_upgrade_changes_nothing(session, upgrade):
    count = text("SELECT (SELECT count(*) FROM role_permissions), (SELECT count(*) FROM role_offers)")
    before = session.execute(count).one()
    upgrade()
    assert session.execute(count).one() == before
    assert before[1] == sum(len(role["permissions"]) for role in ROLES.values())
    assert session.scalar(text("SELECT count(*) FROM audit_events WHERE action = 'roles.extended'")) == 0
