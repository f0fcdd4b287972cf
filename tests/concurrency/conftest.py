"""Counters whose rows are committed for good, and jobs that run at once; the database is emptied afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import Base, db
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.setup import install_all
from tests.factories.counter import Counter, make_counter


@pytest.fixture
def counter(app, clock) -> Iterator[Counter]:
    """A counter whose rows are committed for good; the database is emptied and set up anew afterwards."""
    made = make_counter(db.session(), clock, suffix="race")
    made.deposit(106_000)
    db.session.remove()
    yield made
    made.session = db.session()
    assert proofs.differences(db.session()) == []
    db.session.remove()
    names = ", ".join(
        table.name for table in Base.metadata.sorted_tables if table.name not in ("reference_version", "users")
    )
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        connection.execute(text("DELETE FROM users WHERE email <> 'system'"))
        connection.execute(
            text(
                "INSERT INTO users (id, email, name, is_technical, is_active, all_branches, totp_confirmed, failed_attempts, "
                "must_change_password) VALUES (:id, 'system', 'System', true, false, true, false, 0, false) ON CONFLICT DO NOTHING"
            ),
            {"id": Actor.system().user_id},
        )
        connection.execute(text("UPDATE reference_version SET version = gen_random_uuid()"))
    with transaction(Actor.system(), clock) as session:
        install_all(session, clock, "UG-SACCO-TIER4")
    db.session.remove()


def race(app, *jobs):
    """Run the jobs at once, each with a connection of its own; give what each returned or raised."""
    start = Barrier(len(jobs))

    def run(job):
        with app.app_context():
            start.wait(timeout=20)
            try:
                return job()
            except Exception as error:  # noqa: BLE001 - what went wrong is what the test looks at
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
