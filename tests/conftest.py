"""Fixtures of the whole suite: real servers, a database built by the migrations, and one savepoint for each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask, g
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from config import Config
from deploy.dev.servers import create_database, postgres, valkey
from sacco_app.app import create_app
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import FixedClock
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import transaction
from sacco_app.setup import install_all

MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """One PostgreSQL and one Valkey for this worker: the real things, in a folder that goes away."""
    if os.environ.get("TEST_DATABASE_URL"):
        yield os.environ["TEST_DATABASE_URL"], os.environ["TEST_REDIS_URL"]
        return
    with tempfile.TemporaryDirectory(prefix="sacco-test-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        with postgres(root / "postgres", durable=False) as admin_url, valkey(root / "valkey") as redis_url:
            yield create_database(admin_url, "sacco_test"), redis_url


@pytest.fixture(scope="session")
def config(servers: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(
        database_url=servers[0],
        redis_url=servers[1],
        secret_key="for tests only",
        field_encryption_key=Fernet.generate_key().decode(),
        upload_dir=tmp_path_factory.mktemp("uploads"),
        environment="test",
        public_url="http://localhost",
        trusted_proxies=0,
        session_idle_minutes=15,
        session_absolute_hours=10,
        testing=True,
    )


@pytest.fixture(scope="session")
def the_clock() -> FixedClock:
    return FixedClock(MORNING)


@pytest.fixture(scope="session")
def the_app(config: Config, the_clock: FixedClock) -> Iterator[Flask]:
    """The application on a database that the migrations built, with the base data of a new SACCO."""
    app = create_app(config, the_clock)
    with app.app_context():
        upgrade()
        system = Actor.system()
        with transaction(system, the_clock) as session:
            install_all(session, the_clock, "UG-SACCO-TIER4")
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def clock(the_clock: FixedClock) -> FixedClock:
    """Monday 23 November 2026, 9 o'clock in Kampala; each test starts there."""
    the_clock.instant = MORNING
    return the_clock


@pytest.fixture
def app(the_app: Flask, clock: FixedClock) -> Iterator[Flask]:
    with the_app.app_context():
        yield the_app


_DEFERRED_NOW = text("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS journal_balanced DEFERRED")


def _check_deferred(session: Session) -> None:
    """A commit that only releases a savepoint checks what a real one would."""
    if not session.in_nested_transaction():
        session.flush()
        session.execute(_DEFERRED_NOW)


@contextmanager
def undone() -> Iterator[Session]:
    """The session of the test and of the code under test. Commits are real to the code and undone afterwards."""
    engines, engine = db.engines, db.engine
    connection = engine.connect()
    outer = connection.begin()
    engines[None] = connection  # type: ignore[index]
    db.session.remove()
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    event.listen(Session, "before_commit", _check_deferred)
    try:
        yield db.session()
        connection.execute(_DEFERRED_NOW)
    finally:
        event.remove(Session, "before_commit", _check_deferred)
        db.session.remove()
        outer.rollback()
        connection.close()
        engines[None] = engine  # type: ignore[index]


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session whose commits are undone after the test."""
    with undone() as opened:
        yield opened


@pytest.fixture
def system() -> Actor:
    """The program itself as the one who acts."""
    return Actor.system()


class Browser(FlaskClient):
    """A browser without JavaScript. Nothing of an earlier request lingers in `g` or in the identity map."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g):
            g.pop(name)
        db.session.expire_all()
        return super().open(*args, **kwargs)


@pytest.fixture
def client(session: Session, app: Flask) -> FlaskClient:
    """A browser on the same database state as the test."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    return app.test_client()
