"""What a member sees and moves through the API."""

from __future__ import annotations

import io
from datetime import timedelta

from pypdf import PdfReader
from sqlalchemy import text

from sacco_app.kernel.ids import new_id
from sacco_app.ledger import proofs
from sacco_app.webkit import jobs
from tests.api.conftest import PIN

CLEAN = {"Idempotency-Key": "first-intention"}


def number_of(app, place):
    return app.get("/me/accounts").json["items"][place]["number"]


def transfer(app, amount="20000", to=None, key="first-intention", **over):
    body = {
        "from_account_id": str(app.accounts[0]),
        "to_account_number": to or number_of(app, 1),
        "amount": {"amount": amount, "currency": "UGX"},
        "narration": "School fees",
    }
    return app.post("/me/transfers", json=body | over, headers={"Idempotency-Key": key})


def test_accounts_show_what_is_available_and_why(grace):
    first, second = grace.get("/me/accounts").json["items"]
    assert first["ledger_balance"] == {"amount": "100000", "currency": "UGX"}
    assert int(first["available"]["amount"]) == 100_000 - int(first["minimum"]["amount"])
    assert second["ledger_balance"]["amount"] == "0"
    assert first["opened_on"] == "2026-11-23"


def test_the_mini_statement_is_newest_first_with_times_of_kampala(grace):
    assert transfer(grace).status_code == 201
    told = grace.get(f"/me/accounts/{grace.accounts[0]}/mini-statement").json
    newest, oldest = told["items"]
    assert (newest["money_out"]["amount"], newest["narration"]) == ("20000", "School fees")
    assert oldest["money_in"]["amount"] == "100000"
    assert newest["balance_after"] == told["account"]["ledger_balance"]
    assert newest["posted_at"] == "2026-11-23T09:00:00+03:00"


def test_a_transfer_moves_once_however_often_it_is_sent(grace, session):
    first = transfer(grace)
    assert first.status_code == 201, first.text
    assert "Idempotent-Replayed" not in first.headers
    again = transfer(grace)
    assert again.status_code == 201
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    assert first.json["fee"] == first.json["duty"] == {"amount": "0", "currency": "UGX"}
    assert [one["ledger_balance"]["amount"] for one in grace.get("/me/accounts").json["items"]] == ["80000", "20000"]
    assert grace.client.get(first.headers["Location"]).status_code == 401
    assert grace.get(first.headers["Location"].removeprefix("/api/v1")).json == first.json
    other = transfer(grace, amount="20001")
    assert other.status_code == 409
    assert other.json["code"] == "idempotency.key_reused"
    assert proofs.differences(session) == []


def test_a_transfer_is_on_the_book_of_the_channel_with_the_member_as_actor(grace, session):
    transfer(grace)
    row = session.execute(text("SELECT channel, member_id FROM transactions WHERE kind = 'transfer'")).one()
    assert (row.channel, row.member_id) == ("api", grace.member_id)


def test_a_transfer_without_key_or_sense_is_named_field_by_field(grace):
    body = {"from_account_id": "x", "to_account_number": "REG-1", "amount": {"amount": "12.5", "currency": "UGX"}}
    answer = grace.post("/me/transfers", json=body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    fields = {error["field"] for error in answer.json["errors"]}
    assert fields & {"Idempotency-Key", "from_account_id"}
    for amount in ("0", "-5", "12.5", "1e3", "0x10", "999999999999999999", "5\n", " 5", "٥"):
        assert transfer(grace, amount=amount, key=str(new_id())).status_code == 422, amount
    assert transfer(grace, unknown="field", key=str(new_id())).status_code == 422


def test_refusals_of_a_transfer_are_409_with_a_code_and_a_sentence(grace):
    poor = transfer(grace, amount="1000000", key=str(new_id()))
    assert (poor.status_code, poor.json["code"]) == (409, "savings.insufficient_funds")
    assert "available" in poor.json["detail"]
    same = transfer(grace, to=number_of(grace, 0), key=str(new_id()))
    assert (same.status_code, same.json["code"]) == (409, "savings.same_account")
    nobody = transfer(grace, to="REG-999999", key=str(new_id()), pin=PIN)
    assert (nobody.status_code, nobody.json["code"]) == (404, "savings.account_unknown")


def set_parameter(session, value):
    session.execute(
        text("UPDATE parameters SET value = :value WHERE key = 'transfer.member.to_others'"), {"value": value}
    )
    session.execute(text("UPDATE reference_version SET version = gen_random_uuid()"))


def test_money_goes_to_others_only_where_the_sacco_allows_it_and_the_phone_is_settled(grace, peter, session, clock):
    target = number_of(peter, 0)
    seen = grace.get("/me/receivers", query_string={"account_number": target})
    assert seen.json == {"account_number": target, "name": "S******* P****", "is_own": False}
    set_parameter(session, "no")
    off = transfer(grace, to=target, key=str(new_id()), pin=PIN)
    assert (off.status_code, off.json["code"]) == (409, "savings.transfer_to_others_off")
    set_parameter(session, "yes")
    session.execute(
        text("UPDATE channel_credentials SET phone_changed_at = :now WHERE member_id = :id"),
        {"now": clock.now(), "id": grace.member_id},
    )
    new = transfer(grace, to=target, key=str(new_id()), pin=PIN)
    assert (new.status_code, new.json["code"]) == (409, "members.phone_changed_lately")
    clock.advance(timedelta(days=3))
    grace.refresh()
    assert transfer(grace, to=target, key=str(new_id()), pin=PIN).status_code == 201


def test_money_for_others_is_confirmed_with_the_pin_which_locks_after_three_wrong_ones(grace, peter, session):
    set_parameter(session, "yes")
    target = number_of(peter, 0)
    unconfirmed = transfer(grace, to=target, key="for-peter")
    assert (unconfirmed.status_code, unconfirmed.json["code"]) == (403, "api.pin_needed")
    unknown = transfer(grace, to="REG-999999", key="to-nobody")
    assert unknown.json["code"] == "api.pin_needed", "without the PIN nobody learns which numbers exist"
    assert transfer(grace, to=target, key="for-peter", pin="9182").json["code"] == "api.pin_not_right"
    assert transfer(grace, to=target, key="for-peter", pin=PIN).status_code == 201
    assert transfer(grace, to=target, key="for-peter", pin=PIN).headers["Idempotent-Replayed"] == "true"
    for wrong in ("9182", "9183", "9184"):
        assert transfer(grace, to=target, key="again-peter", pin=wrong).status_code == 403
    assert transfer(grace, to=target, key="again-peter", pin=PIN).json["code"] == "api.pin_not_right"
    assert transfer(grace, key="own-money").status_code == 201
    assert [row["ledger_balance"]["amount"] for row in grace.get("/me/accounts").json["items"]] == ["60000", "20000"]


def test_two_members_may_use_the_same_key(grace, peter):
    assert transfer(grace, key="same-same").status_code == 201
    done = transfer(peter, key="same-same")
    assert done.status_code == 201
    assert "Idempotent-Replayed" not in done.headers


def test_a_statement_is_asked_for_watched_and_fetched(app, clock, grace):
    assert transfer(grace).status_code == 201
    body = {"account_id": str(grace.accounts[0]), "from": "2026-11-01", "to": "2026-11-23"}
    asked = grace.post("/me/statements", json=body)
    assert (asked.status_code, asked.json["status"], asked.json["pdf"]) == (202, "pending", None)
    path = asked.headers["Location"].removeprefix("/api/v1")
    assert grace.get(path).json == asked.json
    assert grace.get(f"{path}/pdf").status_code == 404
    jobs.drain(app, clock)
    ready = grace.get(path).json
    assert ready["status"] == "ready"
    pdf = grace.get(ready["pdf"].removeprefix("/api/v1"))
    assert pdf.content_type == "application/pdf"
    assert pdf.headers["Cache-Control"] == "no-store"
    assert number_of(grace, 0).lower() in pdf.headers["Content-Disposition"]
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages)
    assert number_of(grace, 0) in words
    assert "School fees" in words


def test_a_statement_of_no_sense_is_refused_field_by_field(grace):
    body = {"account_id": str(grace.accounts[0]), "from": "2026-11-01", "to": "2026-11-23"}
    backwards = grace.post("/me/statements", json=body | {"from": "2026-12-01"})
    assert backwards.status_code == 422
    assert backwards.json["errors"] == [{"field": "to", "message": "Ends before it begins"}]
    assert grace.post("/me/statements", json=body | {"from": "2024-11-01"}).status_code == 422


def test_a_read_that_did_not_change_costs_no_body(grace):
    first = grace.get("/me/accounts")
    tag = first.headers["ETag"]
    same = grace.get("/me/accounts", headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["ETag"] == tag
    assert same.headers["Cache-Control"] == "no-store"
    packed = grace.get("/me/accounts", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert grace.get("/me/accounts", headers=again).status_code == 304
    transfer(grace)
    changed = grace.get("/me/accounts", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
