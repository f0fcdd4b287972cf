"""The program answers."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_health_page_answers_without_signing_in(client: FlaskClient) -> None:
    assert client.get("/healthz").data == b"ok\n"
