"""The pages of the vault: counting, banking, the register, what they warn of, and who sees them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.kernel.uow import transaction
from sacco_app.organisation.queries import list_branches
from sacco_app.teller.models import Banking, CashCount
from tests.factories.access import actor_for, make_user, make_user_everywhere, sign_in
from tests.factories.counter import fund_vault, make_counter


@pytest.fixture
def counter(session, clock):
    return make_counter(session, clock)


@pytest.fixture
def head_user(session, clock, counter):
    return make_user(session, clock, "head_teller", email="custodian@umoja.example")


@pytest.fixture
def custodian(client, session, clock, head_user):
    return sign_in(client, session, clock, head_user)


@pytest.fixture
def manager(session, clock):
    return make_user(session, clock, "branch_manager")


@pytest.fixture
def branch(session):
    return list_branches(session)[0]


def pieces(branch, **more):
    return {"branch_id": str(branch.id), "submission_id": str(uuid4()), **more}


def agree(session, clock, user, checker, kind):
    """The second custodian approves what the first has asked for."""
    (asked,) = approval_queries.open_requests_of(session, user.id, kind)
    actor = actor_for(session, checker)
    with transaction(actor, clock) as inner:
        approvals.approve(inner, actor, clock, asked.id, "counted too")
    session.expire_all()


def test_a_count_becomes_a_certificate_with_two_names(custodian, session, clock, head_user, manager, branch):
    page = custodian.get("/teller/vault")
    assert "never" in page.text
    assert custodian.post("/teller/vault/count", data=pieces(branch, pieces_50000="x")).status_code == 422
    empty = custodian.post("/teller/vault/count", data=pieces(branch, remark="in a hurry"))
    assert empty.status_code == 422
    assert "Nothing is counted yet. If the vault is empty, enter 0" in empty.text
    assert "in a hurry" in empty.text
    answer = custodian.post("/teller/vault/count", data=pieces(branch, pieces_50000="939", remark="one note is torn"))
    assert answer.status_code == 303
    paper = custodian.get(answer.location)
    for words in ("NOT SIGNED", "46,950,000", "47,000,000", "−50,000", "one note is torn"):
        assert words in paper.text
    again = custodian.post("/teller/vault/count", data=pieces(branch, pieces_50000="940"))
    assert again.status_code == 409
    assert "waits for a second person already" in again.text
    agree(session, clock, head_user, manager, "teller.count-vault")
    signed = custodian.get(answer.location)
    assert "NOT SIGNED" not in signed.text
    assert "Branch Manager" in signed.text
    assert "46,950,000" in custodian.get("/teller/vault").text
    assert "-50000" in custodian.get("/teller/counts?format=csv").text
    row = session.scalars(select(CashCount)).one()
    assert f"/teller/counts/{row.id}" in custodian.get("/teller/counts?state=signed").text


def test_cash_goes_to_the_bank_and_its_slip_comes_back(custodian, app, session, clock, head_user, manager, branch):
    nobody = custodian.post("/teller/vault/bank", data=pieces(branch, pieces_50000="100"))
    assert nobody.status_code == 422
    assert "Say who carries" in nobody.text
    sent = custodian.post("/teller/vault/bank", data=pieces(branch, pieces_50000="100", carrier="Okot James, bag 7"))
    assert sent.status_code == 303
    agree(session, clock, head_user, manager, "teller.bank-cash")
    row = session.scalars(select(Banking)).one()
    assert "On its way to the bank" in custodian.get("/teller/vault").text
    mine = custodian.get(f"/teller/bankings/{row.id}")
    assert "Somebody else than" in mine.text
    slip = {"amount": "4,950,000", "slip_number": "S-77", "submission_id": "slip"}
    assert custodian.post(f"/teller/bankings/{row.id}/slip", data=slip).status_code == 409
    accountant = sign_in(app.test_client(), session, clock, make_user_everywhere(session, clock, "accountant"))
    assert "Enter the slip" in accountant.get(f"/teller/bankings/{row.id}").text
    assert accountant.post(f"/teller/bankings/{row.id}/slip", data={**slip, "amount": "0"}).status_code == 422
    assert accountant.post(f"/teller/bankings/{row.id}/slip", data=slip).status_code == 303
    page = accountant.get(f"/teller/bankings/{row.id}")
    assert "S-77" in page.text
    assert "−50,000" in page.text
    assert "S-77" in accountant.get("/teller/bankings?state=banked").text
    assert "S-77" in accountant.get("/teller/bankings?format=csv").text


def test_the_vault_warns_above_what_it_is_insured_for(custodian, clock, counter, branch):
    assert "insured up to 100,000,000" in custodian.get("/teller/vault").text
    assert "more than it is insured for" not in custodian.get("/teller/vault").text
    fund_vault(clock, counter.head_teller, branch.id, 60_000_000)
    assert "UGX 7,000,000 more than it is insured for" in custodian.get("/teller/vault").text


def test_the_register_shows_every_movement_with_the_balance_after_it(custodian, branch):
    page = custodian.get("/teller/vault/register")
    for words in ("Cash from the bank", "Float to till", "50,000,000", "47,000,000", "3,000,000"):
        assert words in page.text
    assert "Nothing moved" in custodian.get("/teller/vault/register?from=2020-01-01&to=2020-01-02").text
    assert "Float to till" in custodian.get("/teller/vault/register?format=csv").text
    assert custodian.get(f"/teller/vault/register?branch={uuid4()}").status_code == 404
    assert custodian.get("/teller/vault/register?branch=nonsense").status_code == 404


def test_who_only_looks_sees_the_vault_and_changes_nothing(client, session, clock, counter, branch):
    auditor = sign_in(client, session, clock, make_user_everywhere(session, clock, "auditor"))
    page = auditor.get("/teller/vault")
    assert "47,000,000" in page.text
    assert "Count the vault" not in page.text
    for path in ("/teller/vault/count", "/teller/vault/bank", "/teller/vault/fund", "/teller/vault/top-up"):
        assert auditor.post(path, data=pieces(branch, pieces_50000="1")).status_code == 403
    for path in ("/teller/vault/register", "/teller/counts", "/teller/bankings"):
        assert auditor.get(path).status_code == 200


def test_a_branch_does_not_see_the_vault_of_another(client, session, clock, counter, other_branch):
    stranger = make_user(session, clock, "head_teller", other_branch, "far@umoja.example")
    browser = sign_in(client, session, clock, stranger)
    assert "47,000,000" not in browser.get("/teller/vault").text
    assert "Nothing moved" in browser.get("/teller/vault/register").text
