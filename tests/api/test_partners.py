"""What partners' programs read: by scope, in their branches, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from sacco_app.access import service as access
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.uow import transaction
from sacco_app.organisation import service as organisation
from sacco_app.organisation.queries import list_branches
from sacco_app.organisation.types import SaveBranch
from tests.factories.members import make_member

SCOPED = {
    "/ledger/accounts": "ledger:read",
    "/ledger/journals": "ledger:read",
    "/ledger/journals/0192f0c1-7a34-7c1e-9d2b-3f5a8e6b4c10": "ledger:read",
    "/ledger/trial-balance": "reports:read",
    "/members/M-000001": "members:read",
    "/members?phone=%2B256700000009": "members:read",
    "/reporting/balance-sheet": "reports:read",
    "/reporting/savings": "reports:read",
}


def test_id_and_secret_buy_a_token_with_the_scopes_of_the_client(make_partner):
    partner = make_partner("ledger:read", "reports:read")
    told = partner.ask_token().json
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 600, "ledger:read reports:read")
    assert partner.ask_token("ledger:read").json["scope"] == "ledger:read"
    assert partner.get("/reporting/savings").status_code == 403
    assert partner.get("/ledger/accounts").status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "word"),
    [
        ({"scope": "members:read"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"secret": "guessed"}, 401, "invalid_client"),
    ],
)
def test_the_token_endpoint_refuses_in_the_words_of_oauth(make_partner, form, status, word):
    refused = make_partner("ledger:read").ask_token(**form)
    assert (refused.status_code, refused.json["error"]) == (status, word)
    assert refused.content_type == "application/problem+json"
    assert ("WWW-Authenticate" in refused.headers) == (status == 401)


@pytest.mark.parametrize(("path", "needed"), SCOPED.items())
def test_every_operation_needs_its_scope(make_partner, path, needed):
    others = sorted({"ledger:read", "reports:read", "members:read", "members:contact"} - {needed})
    partner = make_partner(*others)
    refused = partner.get(path)
    assert refused.status_code == 403
    assert refused.json["code"] == "api.scope_missing"
    assert f'scope="{needed}"' in refused.headers["WWW-Authenticate"]
    assert make_partner(needed).get(path).status_code in (200, 404)


def test_a_client_that_was_shut_out_or_calls_from_elsewhere_is_refused_at_once(make_partner, clock):
    partner = make_partner("ledger:read", networks=("127.0.0.1",))
    assert partner.get("/ledger/accounts").status_code == 200
    system = Actor.system()
    with transaction(system, clock) as inner:
        access.revoke_client(inner, system, clock, partner.id, "Contract ended")
    refused = partner.get("/ledger/accounts")
    assert (refused.status_code, refused.json["code"]) == (401, "api.token_invalid")
    assert partner.ask_token().status_code == 401


def test_a_members_token_opens_nothing_of_partners_and_the_reverse(make_partner, grace):
    assert grace.get("/ledger/accounts").json["code"] == "api.wrong_kind_of_token"
    assert make_partner("ledger:read").get("/me").status_code == 403


def test_the_chart_comes_page_by_page_with_links(make_partner):
    partner = make_partner("ledger:read")
    codes, cursor, pages = [], {}, 0
    while True:
        page = partner.get("/ledger/accounts", limit=40, **cursor)
        codes += [account["code"] for account in page.json["items"]]
        pages += 1
        if page.json["next"] is None:
            assert "Link" not in page.headers
            break
        assert f"cursor={page.json['next']}" in page.headers["Link"]
        assert "limit=40" in page.headers["Link"]
        cursor = {"cursor": page.json["next"]}
    assert pages > 2
    assert codes == sorted(set(codes))


@pytest.mark.parametrize(
    "cursor", ["!", "AAAA", "bnVsbA", "WzFd", "IlxcdTAwMDAi", "LTE", "MTAwMDAwMDAwMDAwMDAwMDAwMDAwMA", "dHJ1ZQ"]
)
@pytest.mark.parametrize("path", ["/ledger/accounts", "/ledger/journals"])
def test_a_cursor_that_is_not_ours_is_refused(make_partner, path, cursor):
    partner = make_partner("ledger:read")
    answer = partner.get(path, cursor=cursor)
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert answer.json["code"] == "api.cursor_not_understood"


def test_the_trial_balance_balances_and_the_balance_sheet_agrees(make_partner, counter):
    counter.deposit(70_000)
    partner = make_partner("reports:read")
    book = partner.get("/ledger/trial-balance").json
    assert book["as_of"] == "2026-11-23"
    assert book["total_debit"] == book["total_credit"]
    assert int(book["total_debit"]["amount"]) >= 70_000
    sheet = partner.get("/reporting/balance-sheet").json
    parts = [int(sheet[name]["amount"]) for name in ("liabilities", "equity", "surplus")]
    assert int(sheet["assets"]["amount"]) == sum(parts)
    savings = partner.get("/reporting/savings").json
    assert savings["total"]["amount"] == "70000"
    assert partner.get("/ledger/trial-balance", as_of="2020-01-01").json["rows"] == []


def test_a_client_of_one_branch_sees_that_branch_alone(make_partner, counter, session, clock):
    counter.deposit(70_000)
    head = list_branches(session)[0]
    system = Actor.system()
    with transaction(system, clock) as inner:
        organisation.save_branch(inner, system, clock, SaveBranch("02", "Gulu", "", ""))
    gulu = next(branch for branch in list_branches(session) if branch.name == "Gulu")
    there = make_member(session, clock, gulu.id, phone="+256772999888")
    partner = make_partner("reports:read", "members:read", branches=(head.id,))
    assert partner.get("/ledger/trial-balance").json["branch_id"] == str(head.id)
    assert partner.get("/ledger/trial-balance", branch_id=str(gulu.id)).status_code == 404
    assert partner.get(f"/members/{there.number}").status_code == 404
    assert partner.get("/members", phone="+256772999888").json == {"items": []}
    local = make_partner("reports:read", branches=(gulu.id,))
    assert local.get("/ledger/trial-balance").json["rows"] == []
    assert local.get("/reporting/savings").json["total"]["amount"] == "0"
    both = make_partner("reports:read", branches=(head.id, gulu.id))
    unnamed = both.get("/ledger/trial-balance")
    assert (unnamed.status_code, unnamed.json["code"]) == (422, "api.branch_needed")
    assert both.get("/ledger/trial-balance", branch_id=str(gulu.id)).status_code == 200


def test_a_member_is_masked_unless_the_scope_says_otherwise(make_partner, grace, session):
    number = grace.get("/me").json["number"]
    masked = make_partner("members:read").get(f"/members/{number.lower()}").json
    assert masked["masked_name"] == "N******* G****"
    assert masked["full_name"] is masked["phone"] is None
    partner = make_partner("members:read", "members:contact")
    full = partner.get("/members", phone=grace.phone).json["items"][0]
    assert (full["full_name"], full["phone"]) == ("Nakimuli Grace", grace.phone)
    read = session.execute(
        text("SELECT actor_id, subject_id FROM audit_events WHERE action = 'api.contact_read'")
    ).one()
    assert tuple(read) == (partner.id, str(grace.member_id))
    partner.ask_token("members:read")
    assert partner.get("/members", phone=grace.phone).json["items"][0]["phone"] is None
    for query in ({}, {"phone": "0772"}, {"phone": grace.phone, "nmber": "x"}):
        assert partner.get("/members", **query).status_code == 422


def test_a_token_of_a_client_lives_ten_minutes(make_partner, clock):
    partner = make_partner("ledger:read")
    clock.advance(timedelta(minutes=10))
    assert partner.get("/ledger/accounts").json["code"] == "api.token_expired"
