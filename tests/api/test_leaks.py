"""Every operation with somebody else's token: nothing of the other member is seen, moved or told apart from nothing."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from sacco_app.api.document import document, operations_of
from sacco_app.webkit import jobs
from tests.api.test_me import number_of, transfer

UNKNOWN = "0192f0c1-7a34-7c1e-9d2b-3f5a8e6b4c10"


@pytest.fixture
def peters(app, clock, peter) -> dict[str, str]:
    """An object of Peter's for every name that an operation of members takes."""
    assert transfer(peter).status_code == 201
    moved = transfer(peter, key=str(uuid4()))
    body = {"account_id": str(peter.accounts[0]), "from": "2026-11-01", "to": "2026-11-23"}
    statement = peter.post("/me/statements", json=body)
    jobs.drain(app, clock)
    return {
        "account_id": str(peter.accounts[0]),
        "from_account_id": str(peter.accounts[0]),
        "device_id": peter.tokens["device_id"],
        "transfer_id": moved.json["id"],
        "statement_id": statement.json["id"],
    }


def strangers(peters: dict[str, str]) -> dict[str, str]:
    """Names of things that nobody has, for every name that an operation takes."""
    return dict.fromkeys([*peters, "journal_id"], UNKNOWN) | {"number": "M-000000"}


def walk(scheme: str) -> list[tuple[str, str, dict[str, Any]]]:
    """The operations of a security scheme, with what the document says of them."""
    return [
        (method, path, told)
        for path, told_of_path in document()["paths"].items()
        for method, told in operations_of(told_of_path).items()
        if any(scheme in entry for entry in told["security"])
    ]


def filled(path: str, told: dict[str, Any], ids: dict[str, str]) -> tuple[str, dict[str, Any] | None, bool]:
    """The path and the body of an operation, with these ids wherever it takes one."""
    takes_id = "{" in path
    for part in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        assert part in ids, f"say in this test what {part} of another member is"
        path = path.replace("{" + part + "}", ids[part])
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    if body is not None:
        mine = {name for name in body if name.endswith("_id")}
        assert mine <= ids.keys(), f"say in this test what {mine} of another member is"
        body, takes_id = body | {name: ids[name] for name in mine}, takes_id or bool(mine)
    return path, body, takes_id


def call(app, method: str, path: str, body: dict[str, Any] | None, number: str) -> Any:
    if body and "to_account_number" in body:
        body["to_account_number"] = number_of(app, 1)
    query = {"account_number": number} if path.endswith("/receivers") else None
    headers = {"Idempotency-Key": str(uuid4())}
    path = path.removeprefix("/api/v1")
    return app.call(method.upper(), path, headers=headers, json=body, query_string=query)


def test_nothing_of_another_member_is_found(app, grace, peter, peters):
    secrets = [peter.phone, str(peter.member_id), "Ssekandi", *map(str, peter.accounts), *peters.values()]
    number, walked = number_of(peter, 0), 0
    for method, path, told in walk("member"):
        where, body, takes_id = filled(path, told, peters)
        answer = call(grace, method, where, body, number)
        assert answer.status_code == 404 if takes_id else answer.status_code < 300, f"{method} {path}: {answer.text}"
        assert not [secret for secret in secrets if secret in answer.text], f"{method} {path} tells"
        if takes_id:
            walked += 1
            nowhere, nothing, _ = filled(path, told, dict.fromkeys(peters, UNKNOWN))
            unknown = call(grace, method, nowhere, nothing, number)
            assert (unknown.status_code, unknown.json["code"]) == (404, answer.json["code"]), f"{method} {path}"
        if path.endswith("/sign-out"):
            assert grace.sign_in().status_code == 200
    assert walked >= 7
    assert [row["ledger_balance"]["amount"] for row in peter.get("/me/accounts").json["items"]] == ["60000", "40000"]


def test_the_owner_finds_all_of_it(app, grace, peter, peters):
    own = [entry for entry in walk("member") if entry[0] == "get" or entry[1].endswith(("/transfers", "/statements"))]
    for method, path, told in own:
        where, body, _ = filled(path, told, peters)
        answer = call(peter, method, where, body, number_of(grace, 0))
        assert answer.status_code in (200, 201, 202), f"{method} {path}: {answer.text}"


def test_without_a_token_or_with_a_strange_one_every_operation_is_shut(app, client, grace, peters):
    for scheme in ("member", "client"):
        for method, path, told in walk(scheme):
            where, body, _ = filled(path, told, strangers(peters))
            for bearer in (
                None,
                "Bearer",
                "Bearer x.y.z",
                "Basic Zm9vOmJhcg==",
                f"Bearer {grace.tokens['refresh_token']}",
            ):
                headers = {"Authorization": bearer} if bearer else {}
                answer = client.open(where, method=method.upper(), json=body, headers=headers)
                assert answer.status_code == 401, f"{method} {path} {bearer}"
                assert answer.json["code"] in ("api.token_missing", "api.token_invalid")
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_tokens_of_the_other_kind_open_nothing(app, grace, make_partner, peters):
    partner = make_partner("ledger:read", "members:read", "members:contact", "reports:read")
    ids = strangers(peters)
    for scheme, token in (("member", partner.token), ("client", grace.tokens["access_token"])):
        for method, path, told in walk(scheme):
            where, body, _ = filled(path, told, ids)
            headers = {"Authorization": f"Bearer {token}"}
            answer = grace.client.open(where, method=method.upper(), json=body, headers=headers)
            assert (answer.status_code, answer.json["code"]) == (403, "api.wrong_kind_of_token"), f"{method} {path}"


def test_a_staff_cookie_opens_nothing_and_no_cookie_is_set(app, client, session, clock, grace):
    from tests.factories.access import make_user, sign_in

    sign_in(client, session, clock, make_user(session, clock, "auditor"))
    assert client.get("/").status_code == 200
    for path in ("/me", "/ledger/accounts", "/members/M-000001"):
        answer = client.get(f"/api/v1{path}")
        assert answer.status_code == 401
        assert "Set-Cookie" not in answer.headers
    assert client.post("/api/v1/me/transfers", json={}).status_code == 401


def test_no_form_token_is_asked_for(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    body = {"phone": "+256700000009", "pin": "0471", "device_name": "x"}
    assert client.post("/api/v1/sign-in", json=body).json["code"] == "api.sign_in_refused"
