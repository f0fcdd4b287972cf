"""A statement that is often wanted is prepared on each connection: it means the same before and after."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import Integer, String, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from sacco_app.kernel.db import db
from sacco_app.kernel.prepared import OFTEN, Statement

TABLE = text("CREATE TEMPORARY TABLE kept (id uuid, number int, word varchar(3), facts jsonb) ON COMMIT DROP")
TYPES = [Uuid(), Integer(), String(3), JSONB(none_as_null=True)]


def insert() -> Statement:
    return Statement("INSERT INTO kept VALUES (%s, %s, %s, %s) RETURNING id, number, word, facts", TYPES)


def prepared_here(session) -> int:
    return session.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()


def test_it_is_prepared_once_it_was_asked_for_often_and_answers_alike(session):
    session.execute(TABLE)
    before, statement = prepared_here(session), insert()
    rows = [[uuid4(), -3, "a'%", {"at": "x"}], [None, None, None, None]] * OFTEN
    answers = [tuple(statement.run(session, list(row)).one()) for row in rows]
    assert [list(answer) for answer in answers] == rows
    assert prepared_here(session) == before + 1


def test_it_outlives_the_transaction_that_prepared_it_and_is_prepared_on_another_connection(app):
    statement = Statement("SELECT %s + 1", [Integer()])
    try:
        for _ in range(OFTEN + 1):
            statement.run(db.session(), [1])
        db.session.rollback()
        assert statement.run(db.session(), [2]).scalar() == 3
        db.session.remove()
        db.engine.dispose()
        assert statement.run(db.session(), [3]).scalar() == 4
    finally:
        db.session.remove()


def test_what_is_too_long_is_refused_and_not_cut(session):
    session.execute(TABLE)
    statement = insert()
    for _ in range(OFTEN + 2):
        with pytest.raises(DBAPIError, match="too long"), session.begin_nested():
            statement.run(session, [uuid4(), 1, "long", None])
