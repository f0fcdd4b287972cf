"""Finding a member: complete, and by the index alone."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.uow import transaction
from sacco_app.members import queries
from sacco_app.organisation.queries import list_branches
from sacco_app.organisation.service import save_branch
from sacco_app.organisation.types import SaveBranch
from tests.factories.members import make_member


def found(session, typed, actor=None):
    return [hit.full_name for hit in queries.search(session, actor or Actor.system(), typed)]


@pytest.mark.parametrize(
    "typed",
    [
        "nakimuli", "naki", "NAKIMULI sarah", "sarah nakimuli", "rose", "odongo", "Nakimuli-Odongo", "0772 123 456",
        "+256772123456", "077212", "256772", "+256 772 123456", " sarah  naki ",
    ],
)  # fmt: skip
def test_a_member_is_found_by_what_people_type(session, clock, typed):
    branch = list_branches(session)[0].id
    make_member(session, clock, branch, surname="Nakimuli-Odongo", given_names="Sarah Rose", phone="+256772123456")
    make_member(session, clock, branch, surname="Byaruhanga", given_names="Peter")
    assert found(session, typed) == ["Nakimuli-Odongo Sarah Rose"]


def test_a_member_is_found_by_the_number_first_of_all(session, clock):
    branch = list_branches(session)[0].id
    member = make_member(session, clock, branch, surname="Zziwa")
    for typed in (member.number, member.number.lower(), member.number.split("-")[1], str(int(member.number[2:]))):
        assert found(session, typed)[0] == member.full_name


@pytest.mark.parametrize("typed", ["", "   ", "-", "%", "_", "nobody", "sarah nobody", "\\", "'"])
def test_what_fits_nobody_finds_nobody(session, clock, typed):
    make_member(session, clock, list_branches(session)[0].id, surname="Nakimuli", given_names="Sarah")
    assert found(session, typed) == []


@pytest.fixture
def crowd(session, clock):
    """Twenty thousand people, a thousand of each surname; five thousand of them are called Mary."""
    branch = list_branches(session)[0].id
    session.execute(
        text("""
        WITH made AS (
          INSERT INTO members (id, number, branch_id, status, title, surname, given_names, sex, date_of_birth,
            nationality, marital_status, id_card_number, tin, phone, email, language, sms_consent, district,
            sub_county, parish, village, occupation, employer, source_of_funds, monthly_income_minor, is_pep,
            applied_on)
          SELECT gen_random_uuid(), 'M-9' || lpad(n::text, 5, '0'), :branch, 'active', '',
            'Surname' || chr(97 + n % 20), CASE WHEN n % 4 = 0 THEN 'Mary' ELSE 'Given' || n END, 'F',
            date '1980-01-01' + n % 9000, 'UG', '', '', '', '+25670' || lpad(n::text, 7, '0'), '', 'en', true, '',
            '', '', '', '', '', '', 0, false, date '2026-01-01'
          FROM generate_series(1, 20000) n RETURNING id, surname, given_names, phone, number)
        INSERT INTO member_search_terms (id, member_id, term)
        SELECT gen_random_uuid(), id, term FROM made, LATERAL (VALUES (lower(surname)), (lower(given_names)),
          (lower(number)), (substr(number, 3)), (substr(phone, 2)), ('0' || substr(phone, 5))) AS terms (term)
        """),
        {"branch": branch},
    )
    session.execute(text("ANALYZE members; ANALYZE member_search_terms"))
    return branch


def test_searching_a_crowd_reads_no_table_from_end_to_end(session, crowd):
    for actor in (Actor.system(), Actor(crowd, "Teller", branch_ids=frozenset({crowd}))):
        for typed in ("surnamec", "mary surnamee", "given1234", "0700 012", "M-900123", "900123"):
            query = queries.search_query(actor, typed, 20)
            statement = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
            plan = "\n".join(session.connection().exec_driver_sql(f"EXPLAIN {statement}").scalars())
            assert "ix_member_search_terms_term" in plan, plan
            assert not re.search(r"Seq Scan on member", plan), plan


def test_two_common_words_still_find_the_one_who_has_both(session, crowd, clock):
    rare = make_member(session, clock, crowd, surname="Surnamec", given_names="Mary Adroa")
    assert rare.full_name in found(session, "mary surnamec adr")
    make_member(session, clock, crowd, surname="Surnamed", given_names="Mary")
    assert found(session, "mary surnamed") == ["Surnamed Mary"]


def test_a_common_word_finds_the_people_of_the_own_branch(session, crowd, clock):
    system = Actor.system()
    with transaction(system, clock) as inner:
        other = save_branch(inner, system, clock, SaveBranch("MBR", "Mbarara", "", ""))
    mary = make_member(session, clock, other, surname="Auma", given_names="Mary")
    actor = Actor(mary.id, "Teller", branch_ids=frozenset({other}))
    assert found(session, "mary", actor) == ["Auma Mary"]
