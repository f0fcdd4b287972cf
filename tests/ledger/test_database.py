"""The database itself keeps the book: direct SQL that unbalances, edits or deletes is refused, the commit included."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sacco_app.kernel.db import db
from sacco_app.organisation.queries import list_branches
from tests.ledger.builders import draft, leg, post

JOURNAL = text(
    "INSERT INTO journals (id, business_date, value_date, posted_at, branch_id, currency, event_code, source_ref,"
    " narration, maker_id, total_minor, line_count) VALUES (:journal, '2026-11-23', '2026-11-23', now(), :branch,"
    " 'UGX', 'J-04', :journal, 'By hand', '00000000-0000-0000-0000-000000000000', 100, :lines)"
)
LINE = text(
    "INSERT INTO journal_lines (id, journal_id, line_no, gl_account_id, branch_id, business_date, value_date, currency,"
    " debit_minor, credit_minor) SELECT gen_random_uuid(), :journal, :number, id, :branch, '2026-11-23', '2026-11-23',"
    " 'UGX', :debit, :credit FROM gl_accounts WHERE code = '1120'"
)


@pytest.fixture
def posted(session, system, clock):
    branch = list_branches(session)[0]
    return post(system, clock, draft("J-04", branch.id, leg("cash", 5), leg("savings", -5)))


@pytest.mark.parametrize("table", ["journals", "journal_lines"])
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET business_date = '2026-11-01'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_what_is_posted_is_never_touched(session, posted, table, verb):
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(verb.format(table)))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((8, 9), "that many lines"), ((3, 4), "that many lines"), ((0, -1), "that many lines"), ((1, 2), "uq_")],
)
def test_nothing_is_added_to_a_posted_journal(session, posted, numbers, words):
    branch = list_branches(session)[0].id
    with pytest.raises(DBAPIError, match=words), session.begin_nested():
        for number, debit, credit in zip(numbers, (3, 0), (0, 3), strict=True):
            row = {"journal": posted.id, "branch": branch, "number": number, "debit": debit, "credit": credit}
            session.execute(LINE, row)


def test_a_line_is_not_taken_from_one_branch_for_another(app):
    connection = db.engine.connect()
    try:
        branch = connection.execute(text("SELECT id FROM branches LIMIT 1")).scalar_one()
        other = uuid4()
        connection.execute(
            text(
                "INSERT INTO branches SELECT (jsonb_populate_record(b, jsonb_build_object('id', CAST(:other AS text),"
                " 'code', 'ZZ', 'name', 'Other'))).* FROM branches AS b WHERE b.id = :branch"
            ),
            {"other": str(other), "branch": branch},
        )
        row = {"journal": uuid4(), "branch": branch, "lines": 2}
        connection.execute(JOURNAL, row)
        connection.execute(LINE, row | {"number": 1, "debit": 100, "credit": 0})
        connection.execute(LINE, row | {"number": 2, "debit": 0, "credit": 100, "branch": other})
        with pytest.raises(DBAPIError, match="does not balance"):
            connection.commit()
    finally:
        connection.rollback()
        connection.close()


@pytest.mark.parametrize("credits", [(99,), (60, 39), ()])
def test_an_unbalanced_journal_does_not_survive_its_commit(app, credits):
    journal = uuid4()
    connection = db.engine.connect()
    try:
        branch = connection.execute(text("SELECT id FROM branches LIMIT 1")).scalar_one()
        row = {"journal": journal, "branch": branch, "lines": max(2, 1 + len(credits))}
        connection.execute(JOURNAL, row)
        connection.execute(LINE, row | {"number": 1, "debit": 100, "credit": 0})
        for number, credit in enumerate(credits, 2):
            connection.execute(LINE, row | {"number": number, "debit": 0, "credit": credit})
        with pytest.raises(DBAPIError, match="does not balance"):
            connection.commit()
        connection.rollback()
        assert connection.execute(text("SELECT count(*) FROM journals WHERE id = :journal"), row).scalar_one() == 0
    finally:
        connection.rollback()
        connection.close()


def test_a_closed_month_refuses_direct_sql(session):
    branch = list_branches(session)[0].id
    session.execute(text("UPDATE ledger_periods SET status = 'closed' WHERE month = '2026-11-01'"))
    with pytest.raises(DBAPIError, match="takes no journals"), session.begin_nested():
        session.execute(JOURNAL, {"journal": uuid4(), "branch": branch, "lines": 2})
