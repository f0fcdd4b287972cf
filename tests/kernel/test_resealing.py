"""A new first key: old fields still read, are renewed once, and then do without the key they were written with."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from sacco_app.kernel import crypto, resealing
from tests.factories.access import enrol, make_user


@pytest.fixture
def keys(config):
    """The keys of this test: (present, new); the suite's own are put back."""
    yield config.field_encryption_key, Fernet.generate_key().decode()
    crypto.configure(config.field_encryption_key)


def stored(session, user):
    return bytes(session.scalar(text("SELECT totp_secret FROM users WHERE id = :id"), {"id": user.id}))


def test_fields_move_to_the_newest_key_once(app, session, clock, keys):
    user = make_user(session, clock, "branch_manager")
    secret = enrol(session, clock, user)
    present, new = keys
    crypto.configure(f"{new},{present}")
    assert crypto.decrypt(stored(session, user)) == secret
    command = app.test_cli_runner().invoke(args=["sacco", "reseal"])
    assert "users.totp_secret: 1 renewed" in command.output, command.output
    assert "users.totp_secret: 0 renewed" in app.test_cli_runner().invoke(args=["sacco", "reseal"]).output
    crypto.configure(new)
    assert crypto.decrypt(stored(session, user)) == secret


def test_a_key_that_is_gone_is_said_so(session, clock, keys):
    user = make_user(session, clock, "branch_manager")
    enrol(session, clock, user)
    crypto.configure(keys[1])
    column = next(column for column in resealing.sealed_columns() if str(column) == "users.totp_secret")
    with pytest.raises(RuntimeError, match="cannot be read"):
        resealing.reseal(session, column)


def test_fingerprints_stay_while_the_last_key_stays(keys):
    present, new = keys
    crypto.configure(present)
    mark = crypto.fingerprint("CM84029101ABCD")
    crypto.configure(f"{new},{present}")
    assert crypto.fingerprint("CM84029101ABCD") == mark
