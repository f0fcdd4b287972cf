"""Web push against a push service on this machine: what it is given, and what its answers mean."""

from __future__ import annotations

import base64
import json
import os

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sacco_app.integrations.webpush import WebPush
from sacco_app.notifications.types import PushResult, PushTarget
from tests.integrations.servers import wsgi


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def key_of_ours():
    return b64(ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(32, "big"))


class PushService:
    """Answers as it is told and keeps what it got; can read it as the browser would."""

    def __init__(self):
        self.status, self.calls = "201 Created", []
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.calls.append((environ, body))
        start_response(self.status, [("Content-Length", "0"), ("Location", "http://127.0.0.1:9/elsewhere")])
        return []

    def target(self, address):
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return PushTarget(f"{address}/push/abc", b64(point), b64(self.auth))

    def read(self, body):
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


@pytest.fixture
def service():
    return PushService()


def test_a_browser_reads_what_we_sent_and_knows_who_did(service):
    ours = WebPush(key_of_ours(), "mailto:it@umoja.example")
    with wsgi(service) as address:
        told = {"title": "Umoja SACCO", "body": "Something waits", "url": "/inbox/1", "tag": "1"}
        assert ours.push(service.target(address), told, "a" * 40) is PushResult.SENT
    [(environ, body)] = service.calls
    assert service.read(body) == told
    assert (environ["HTTP_TOPIC"], environ["HTTP_TTL"]) == ("a" * 32, "43200")
    scheme, _, rest = environ["HTTP_AUTHORIZATION"].partition(" ")
    assert scheme == "vapid"
    assert f"k={ours.public_key}" in rest
    claims = json.loads(base64.urlsafe_b64decode(rest.split("t=")[1].split(",")[0].split(".")[1] + "=="))
    assert (claims["sub"], claims["aud"]) == ("mailto:it@umoja.example", address)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("201 Created", PushResult.SENT),
        ("404 Not Found", PushResult.GONE),
        ("410 Gone", PushResult.GONE),
        ("429 Too Many Requests", PushResult.LATER),
        ("503 Service Unavailable", PushResult.LATER),
        ("403 Forbidden", PushResult.REFUSED),
        ("413 Content Too Large", PushResult.REFUSED),
        ("302 Found", PushResult.LATER),
    ],
)
def test_every_answer_has_its_meaning(service, status, result):
    service.status = status
    with wsgi(service) as address:
        assert WebPush(key_of_ours(), "mailto:x@y.example").push(service.target(address), {}, "x") is result
    assert len(service.calls) == 1


def test_a_service_that_is_away_is_asked_later(service):
    gateway = WebPush(key_of_ours(), "mailto:x@y.example")
    assert gateway.push(service.target("http://127.0.0.1:9"), {}, "x") is PushResult.LATER


def test_keys_that_are_none_are_refused():
    target = PushTarget("http://127.0.0.1:9/x", "AAAA", "AAAA")
    assert WebPush(key_of_ours(), "mailto:x@y.example").push(target, {}, "x") is PushResult.REFUSED


def test_the_private_key_is_not_in_what_may_be_printed():
    key = key_of_ours()
    assert key not in repr(WebPush(key, "mailto:x@y.example"))
