"""Pages of the book: who sees them, what they show, how they refuse."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import func, select

from sacco_app.approvals import service as approvals
from sacco_app.approvals.models import ApprovalRequest
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import queries
from sacco_app.ledger.models import GlAccount, Journal, PostingProfile
from sacco_app.ledger.ports import Proof, register_proof
from tests.factories.access import actor_for, make_user, sign_in
from tests.factories.approvals import approve as agree
from tests.factories.approvals import second_person
from tests.ledger.builders import DAY

PAGES = (
    "/ledger/journals",
    "/ledger/day-book",
    "/ledger/trial-balance",
    "/ledger/accounts",
    "/ledger/posting-profiles",
    "/ledger/periods",
)
JOURNAL = {
    "business_date": "2026-11-23",
    "narration": "Rent for November",
    "reason": "Invoice 17",
    "account_1": "5610",
    "debit_1": "400,000",
    "account_2": "1210",
    "credit_2": "400,000",
}


@pytest.fixture
def accountant(session, clock):
    return make_user(session, clock, "accountant")


@pytest.fixture
def browser(client, session, clock, accountant):
    return sign_in(client, session, clock, accountant)


def request_id(session, name):
    from sqlalchemy import text

    return session.execute(text("SELECT id FROM approval_requests WHERE kind = :name"), {"name": name}).scalar_one()


def approve(session, clock, name):
    manager = actor_for(session, make_user(session, clock, "branch_manager"))
    with transaction(manager, clock) as inner:
        return approvals.approve(inner, manager, clock, request_id(session, name), "Seen")


@pytest.mark.parametrize("path", PAGES)
def test_the_accountant_sees_the_book(browser, scenario, path):
    assert browser.get(path).status_code == 200
    assert browser.get(f"{path}?format=csv").mimetype == "text/csv"
    assert "spreadsheet" in browser.get(f"{path}?format=xlsx").mimetype


@pytest.mark.parametrize("path", [*PAGES, "/ledger/journals/new", "/ledger/accounts/new"])
def test_a_teller_does_not(client, session, clock, path):
    assert sign_in(client, session, clock, make_user(session, clock, "teller")).get(path).status_code == 403


def test_the_trial_balance_adds_up_on_paper(browser, scenario):
    text = browser.get("/ledger/trial-balance?as_of=2026-11-23&format=csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sum(int(row["Debit"] or 0) for row in rows) == sum(int(row["Credit"] or 0) for row in rows) == 66_855_000
    page = browser.get("/ledger/trial-balance?as_of=2026-11-23").text
    assert page.count("66,855,000") == 2
    assert "Nothing is booked" in browser.get("/ledger/trial-balance?as_of=2026-11-22").text


def test_filters_that_mean_nothing_do_no_harm(browser, scenario):
    for path in (
        "/ledger/trial-balance?as_of=x&branch=y",
        "/ledger/journals?from=x&branch=y",
        "/ledger/day-book?day=x",
    ):
        assert browser.get(path).status_code == 200


def test_an_account_and_a_journal_open_into_each_other(browser, session, scenario):
    account = session.scalars(select(GlAccount).where(GlAccount.code == "1110")).one()
    page = browser.get(f"/ledger/accounts/{account.id}").text
    assert "1,540,680" in page
    link = re.search(r"/ledger/journals/[0-9a-f-]{36}", page).group()
    assert "Vault cash" in browser.get(link).text
    later = browser.get(f"/ledger/accounts/{account.id}?from=2026-11-24&to=2026-11-30").text
    assert later.count("1,540,680") == 2
    assert browser.get("/ledger/journals/00000000-0000-7000-8000-000000000000").status_code == 404


def test_a_manual_journal_needs_a_second_person(browser, session, clock, branch):
    answer = browser.post("/ledger/journals/new", data=JOURNAL | {"branch_id": str(branch.id), "submission_id": "a"})
    assert answer.status_code == 303
    assert session.scalar(select(func.count()).select_from(Journal)) == 0
    again = browser.post("/ledger/journals/new", data=JOURNAL | {"branch_id": str(branch.id), "submission_id": "a"})
    assert again.status_code == 303
    outcome = approve(session, clock, "ledger.manual-journal")
    page = browser.get(outcome.result_ref)
    assert page.status_code == 200
    assert "Rent for November" in page.text
    assert "Branch Manager" in page.text
    book = queries.trial_balance(session, DAY)
    assert {row.code: row.net_minor for row in book.rows} == {"1210": -400_000, "5610": 400_000}
    reverse = browser.post(f"{outcome.result_ref}/reverse", data={"business_date": "2026-11-23", "reason": "Twice"})
    assert reverse.status_code == 303
    manager = actor_for(session, make_user(session, clock, "branch_manager", email="second@umoja.example"))
    with transaction(manager, clock) as inner:
        approvals.approve(inner, manager, clock, request_id(session, "ledger.reverse-journal"), "Seen")
    assert queries.trial_balance(session, DAY).rows == ()
    assert "Reversed" in browser.get(outcome.result_ref).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"credit_2": "399,999"}, "must be equal"),
        ({"debit_2": "1"}, "not both"),
        ({"account_2": ""}, "Choose the account"),
        ({"debit_1": "", "credit_2": ""}, "Enter a debit or a credit"),
        ({"debit_1": "lots"}, "Enter the amount in digits"),
        ({"account_1": "2110"}, "Not a valid choice"),
        ({"narration": ""}, "Say what the journal is"),
        ({"business_date": "soon"}, "Enter a date"),
    ],
)
def test_a_manual_journal_that_does_not_hold_is_answered_422(browser, session, branch, change, words):
    answer = browser.post("/ledger/journals/new", data=JOURNAL | {"branch_id": str(branch.id)} | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Invoice 17" in answer.text
    assert session.scalar(select(func.count()).select_from(Journal)) == 0


def test_a_closed_month_is_answered_409(browser, branch):
    data = JOURNAL | {"branch_id": str(branch.id), "business_date": "2020-01-01"}
    answer = browser.post("/ledger/journals/new", data=data)
    assert answer.status_code == 409
    assert "period is closed" in answer.text


def test_a_journal_of_another_room_is_not_reversed_here(browser, scenario):
    path = f"/ledger/journals/{scenario[3].id}/reverse"
    assert browser.get(path).status_code == 409


def test_the_chart_is_edited(browser, session):
    new = {"code": "5691", "name": "Tea", "account_class": "X", "normal_side": "D", "cash_flow": "O"}
    assert browser.post("/ledger/accounts/new", data=new).status_code == 303
    assert browser.post("/ledger/accounts/new", data=new).status_code == 409
    assert browser.post("/ledger/accounts/new", data=new | {"code": ""}).status_code == 422
    tea = session.scalars(select(GlAccount).where(GlAccount.code == "5691")).one()
    edited = {"code": "5691", "name": "Tea and milk", "pearls": "OPEX_ADM", "cash_flow": "O", "is_active": "y"}
    assert browser.get(f"/ledger/accounts/{tea.id}/edit").status_code == 200
    assert browser.post(f"/ledger/accounts/{tea.id}/edit", data=edited).status_code == 303
    session.expire_all()
    assert session.get(GlAccount, tea.id).name == "Tea and milk"
    vault = session.scalars(select(GlAccount).where(GlAccount.code == "1110")).one()
    used = {"code": "1110", "name": "Vault cash", "cash_flow": "C"}
    assert browser.post(f"/ledger/accounts/{vault.id}/edit", data=used).status_code == 409


def test_a_posting_profile_changes_by_two_people(browser, session, clock):
    profile = session.scalars(select(PostingProfile).where(PostingProfile.event_code == "J-42")).first()
    assert browser.get(f"/ledger/posting-profiles/{profile.id}").status_code == 200
    url, before = f"/ledger/posting-profiles/{profile.id}", profile.gl_account_id
    assert browser.post(url, data={"account_code": "no"}).status_code == 422
    assert browser.post(url, data={"account_code": "4350"}).status_code == 303
    assert browser.post(url, data={"account_code": "4350"}).status_code == 409
    assert "waits for a second person" in browser.get(url).text
    session.expire_all()
    assert session.get(PostingProfile, profile.id).gl_account_id == before
    (effects,) = session.scalars(select(ApprovalRequest.effects)).all()
    assert "→ 4350" in dict(effects)["Account"]
    agree(session, clock, second_person(session, clock, "branch_manager"))
    moved = session.get(PostingProfile, profile.id).gl_account_id
    assert session.get(GlAccount, moved).code == "4350"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-24", "Kampala Main works on 23 Nov 2026"),
        ("2026-11-19", "dated back at most 3 days, so not before 20 Nov 2026"),
        ("2026-10-31", "dated back at most 3 days"),
    ],
)
def test_a_manual_journal_is_dated_near_the_business_date(browser, branch, day, words):
    data = JOURNAL | {"branch_id": str(branch.id), "submission_id": day, "business_date": day}
    refused = browser.post("/ledger/journals/new", data=data)
    assert refused.status_code == 409
    assert words in refused.text
    if day == "2026-10-31":
        browser.post("/ledger/periods", data={"month": "2026-10-01", "move_to": "soft_closed", "reason": "Month end"})
        assert browser.post("/ledger/journals/new", data=data).status_code == 303


def test_periods_are_moved_by_those_who_may(browser):
    move = {"month": "2026-10-01", "move_to": "soft_closed", "reason": "Month end"}
    assert browser.post("/ledger/periods", data=move).status_code == 303
    assert "Soft closed" in browser.get("/ledger/periods?per_page=100").text
    assert browser.post("/ledger/periods", data=move).status_code == 409
    assert browser.post("/ledger/periods", data=move | {"reason": ""}).status_code == 422


def test_the_commands_prove_and_export(app, session, scenario, monkeypatch):
    monkeypatch.setattr("sacco_app.ledger.ports._sources", {})
    runner = app.test_cli_runner()
    clean = runner.invoke(args=["ledger", "check"])
    assert clean.exit_code == 0, clean.output
    assert "22 journals" in clean.output
    exported = runner.invoke(args=["ledger", "export", "--format", "beancount"])
    assert exported.exit_code == 0
    assert "balance Assets:1110-Vault-cash:" in exported.output
    monkeypatch.setattr("sacco_app.ledger.ports._proofs", {})
    register_proof(
        Proof("Receipts without gaps", lambda _session: ["receipt 7 is missing"], lambda _session: "9 receipts")
    )
    wrong = runner.invoke(args=["ledger", "check"])
    assert wrong.exit_code == 1
    assert "Receipts without gaps: 9 receipts" in wrong.output
    assert "receipt 7 is missing" in wrong.output
    assert "differs in 1 places" in wrong.output
