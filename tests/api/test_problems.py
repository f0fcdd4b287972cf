"""Every failure is a problem as JSON with a code, a sentence and the id of the request."""

from __future__ import annotations

import jwt
import pytest

from sacco_app.api import tokens
from sacco_app.kernel.errors import SaccoError


def check(answer, status, code=None):
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["instance"] == f"urn:uuid:{answer.headers['X-Request-Id']}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<" not in answer.text
    if code:
        assert answer.json["code"] == code


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/me", "/api/v1/me/accounts/x/mini-statement"]
)
def test_where_nothing_is(client, path):
    check(client.get(path), 404, "not_found")


def test_pages_of_staff_still_answer_in_html(client):
    assert client.get("/apiary").content_type.startswith("text/html")


def test_a_wrong_method_says_which_are_right(client):
    answer = client.put("/api/v1/me")
    check(answer, 405, "api.method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize(
    "body", ["{", "", "[]", '"x"', "null", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe", "[" * 50_000]
)
def test_a_body_that_is_no_object(client, body):
    answer = client.post("/api/v1/sign-in", data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    check(answer, answer.status_code)


def test_a_body_of_another_type_or_too_large(client):
    check(client.post("/api/v1/sign-in", data={"phone": "x"}), 415, "api.body_of_another_type")
    large = '{"phone": "' + "x" * 70_000 + '"}'
    check(client.post("/api/v1/sign-in", data=large, content_type="application/json"), 413, "api.too_large")
    check(client.post("/api/v1/oauth/token", json={"grant_type": "client_credentials"}), 415)


def test_control_characters_are_refused_before_they_reach_the_database(client):
    body = {"phone": "+256772123456", "pin": "0471", "device_name": "a\0b"}
    answer = client.post("/api/v1/sign-in", json=body)
    check(answer, 422, "invalid_input")
    assert answer.json["errors"][0]["field"] == "device_name"
    twisted = b'{"phone": "+256772123456", "pin": "0471", "device_name": "\\ud800"}'
    check(client.post("/api/v1/sign-in", data=twisted, content_type="application/json"), 422)


def test_what_nobody_foresaw_is_a_problem_without_secrets(client, grace, monkeypatch, caplog):
    def broken(*_args):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("sacco_app.savings.queries.accounts_of_member", broken)
    answer = grace.get("/me/accounts")
    check(answer, 500, "api.unexpected")
    assert "secret" not in answer.text
    assert answer.headers["X-Request-Id"] in caplog.text


def test_a_token_signed_with_another_key_or_none_is_refused(client, grace, app):
    claims = jwt.decode(grace.tokens["access_token"], options={"verify_signature": False})
    header = jwt.get_unverified_header(grace.tokens["access_token"])
    forged = [
        jwt.encode(claims, "another key of thirty-two characters!", headers={"kid": header["kid"]}),
        jwt.encode(claims, "another key of thirty-two characters!", headers={"kid": "old"}),
        jwt.encode(claims, "another key of thirty-two characters!"),
        jwt.encode(claims, None, algorithm="none", headers={"kid": header["kid"]}),
    ]
    for token in forged:
        answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        check(answer, 401, "api.token_invalid")
    good = {"Authorization": f"Bearer {grace.tokens['access_token']}"}
    assert client.get("/api/v1/me", headers=good).status_code == 200
    assert client.get("/api/v1/me?jwt=" + grace.tokens["access_token"]).status_code == 401


def test_a_new_key_signs_while_the_old_one_still_reads(grace):
    from flask import Flask

    def keys_of(secrets):
        app = Flask("keys")
        tokens.register(app, secrets)
        manager = app.extensions["flask-jwt-extended"]
        return manager._jwt_additional_header_callback(None)["kid"], manager._decode_key_callback

    old_kid, _ = keys_of("old")
    new_kid, read = keys_of("new, old")
    assert new_kid != old_kid
    assert read({"kid": old_kid}, {}) != read({"kid": new_kid}, {})
    _, only_new = keys_of("new")
    with pytest.raises(jwt.InvalidKeyError):
        only_new({"kid": old_kid}, {})


def test_every_code_is_written_once():
    def below(kind):
        return {kind} | {one for sub in kind.__subclasses__() for one in below(sub)}

    codes = [
        kind.code for kind in below(SaccoError) if "code" in vars(kind) and kind.__module__.startswith("sacco_app")
    ]
    assert len(codes) == len(set(codes))
