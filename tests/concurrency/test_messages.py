"""A worker that is killed in the middle of sending, and two that send at once: the message goes out once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import ExternalFailure
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import transaction
from sacco_app.notifications import ports, service
from sacco_app.notifications.types import Channel, Message, SendResult, SendState
from tests.concurrency.conftest import race

ROOT = Path(__file__).resolve().parents[2]
# The worker's own process: its gateway takes the message, writes it down where we can count, and is killed before it answers.
WORKER = """
    import os, signal, sys
    from uuid import UUID
    from config import Config
    from sacco_app.app import create_app
    from sacco_app.notifications import ports, service
    from sacco_app.notifications.types import Channel

    inner = None

    class Killed:
        name, idempotent = sys.argv[2], sys.argv[2] == "console"
        def send(self, batch):
            if self.idempotent:
                inner.send(batch)
            open(sys.argv[3], "a").write("sent\\n")
            os.kill(os.getpid(), signal.SIGKILL)

    app = create_app(Config.from_env())
    inner = ports.gateway(Channel.SMS)
    ports.bind_gateways({Channel.SMS: Killed()})
    with app.app_context():
        service.deliver(app.extensions["clock"], UUID(sys.argv[1]))
"""


class Forgetful:
    """A gateway that does not know our ids and counts what it takes."""

    name, idempotent = "forgetful", False

    def __init__(self):
        self.taken = []

    def send(self, batch):
        self.taken += [one.our_id for one in batch]
        return [SendResult(one.our_id, SendState.ACCEPTED, f"F-{len(self.taken)}") for one in batch]


@pytest.fixture
def forgetful(app):
    usual = ports.gateway(Channel.SMS)
    gateway = Forgetful()
    ports.bind_gateways({Channel.SMS: gateway})
    yield gateway
    ports.bind_gateways({Channel.SMS: usual})


@pytest.fixture
def message_id(app, counter, clock):
    """A message that waits, committed for good."""
    with transaction(Actor.system(), clock) as session:
        values = {"mno": "M-000123"}
        return service.send(session, clock, Message("PHONE_CHANGED", new_id(), "+256772000123", values))


def kill_a_worker(config, message_id, gateway, counted):
    env = {
        **os.environ,
        "SACCO_ENV": "development",
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "SECRET_KEY": config.secret_key,
        "FIELD_ENCRYPTION_KEY": config.field_encryption_key,
    }
    command = [sys.executable, "-c", textwrap.dedent(WORKER), str(message_id), gateway, str(counted)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def state(message_id):
    db.session.expire_all()
    query = text("SELECT status, attempts FROM messages WHERE id = :id")
    return tuple(db.session().execute(query, {"id": message_id}).one())


def test_a_killed_worker_leaves_it_to_a_person_where_the_gateway_does_not_know_us(
    app, config, clock, message_id, forgetful, tmp_path
):
    counted = tmp_path / "sent"
    kill_a_worker(config, message_id, "forgetful", counted)
    assert state(message_id) == ("sending", 1)
    clock.instant = _later(message_id)
    service.deliver(clock, message_id)
    assert state(message_id) == ("unknown", 1)
    assert (counted.read_text(), forgetful.taken) == ("sent\n", [])


def test_a_killed_worker_loses_and_doubles_nothing_where_the_gateway_knows_our_ids(
    app, config, clock, message_id, tmp_path
):
    kill_a_worker(config, message_id, "console", tmp_path / "sent")
    assert state(message_id) == ("sending", 1)
    service.deliver(clock, message_id)
    assert state(message_id) == ("accepted", 2)
    query = text("SELECT count(*) FROM console_messages WHERE our_id = :id")
    assert db.session().scalar(query, {"id": message_id}) == 1


def _later(message_id):
    query = text("SELECT sending_at FROM messages WHERE id = :id")
    return db.session().scalar(query, {"id": message_id}) + timedelta(minutes=2)


def test_two_workers_with_the_same_job_send_once(app, clock, message_id, forgetful):
    outcomes = race(app, *[lambda: service.deliver(clock, message_id)] * 4)
    assert all(one is None or isinstance(one, ExternalFailure) for one in outcomes), outcomes
    assert forgetful.taken == [message_id]
    assert state(message_id)[0] == "accepted"
