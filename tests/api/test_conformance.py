"""Whatever is sent, every answer of the API is as the published document says: status, type, headers, body."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from flask import Flask, g
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from sacco_app.api import queries, service, tokens
from sacco_app.api.types import Kind
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import transaction
from sacco_app.members import pins
from tests.api.conftest import enrolled, partner_of
from tests.api.test_document import PUBLISHED
from tests.conftest import MORNING, Browser, undone
from tests.factories.access import actor_for, make_user_everywhere
from tests.factories.counter import make_counter

# Days in the wrong order, cursors that are not ours, cents of a shilling: a schema cannot say what is wrong with them.
BEYOND_SCHEMA = ["list_gl_accounts", "list_journals", "ask_for_statement", "make_transfer"]
REFUSED_TOO = {"expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "422"]}
MEASURE = {
    "seed": 20261123,
    "base-url": "http://localhost",
    "operations": [{"include-operation-id": BEYOND_SCHEMA, "checks": {"positive_data_acceptance": REFUSED_TOO}}],
    "generation": {"max-examples": 25, "deterministic": True, "no-shrink": True},
}
SCOPES = ("ledger:read", "members:contact", "members:read", "reports:read")


class Wire:
    """The application in this process, with nothing left over from the request before."""

    app: Flask

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        for name in list(g):
            g.pop(name)
        db.session.expire_all()
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # the tester does not unpack
        return self.app(environ, start_response)


wire = Wire()
schema = schemathesis.openapi.from_path(PUBLISHED, config=SchemathesisConfig.from_dict(MEASURE))
schema.app = wire


class World:
    """One member and one partner for all operations, with tokens that are always good."""

    def __init__(self, client, session, clock) -> None:
        self.session, self.clock = session, clock
        self.member = enrolled(client, session, clock, make_counter(session, clock), "+256772909090")
        boss = actor_for(session, make_user_everywhere(session, clock, "administrator"))
        self.partner = partner_of(client, clock, boss, *SCOPES)
        self.device_id = UUID(int=0)

    def _member_token(self) -> str:
        member_id = self.member.member_id
        if queries.live_device(self.session, self.clock, self.device_id) is None:
            actor = pins.member_actor(self.session, member_id, "api")
            with transaction(actor, self.clock) as inner:
                self.device_id = service.open_device(inner, actor, self.clock, member_id, "Again").device.id
        return tokens.issue(Kind.MEMBER, member_id, device_id=self.device_id)

    def headers(self, security: list[dict[str, Any]]) -> dict[str, str]:
        """What the operation's guard asks for."""
        scheme = next(iter(security[0])) if security else ""
        pair = f"{self.partner.client_id}:{self.partner.secret}".encode()
        known = {
            "member": lambda: f"Bearer {self._member_token()}",
            "client": lambda: f"Bearer {self.partner.token}",
            "client_secret": lambda: f"Basic {base64.b64encode(pair).decode()}",
        }
        plain = {"Accept-Encoding": "identity"}  # the checker reads no compressed answer
        return {**plain, "Authorization": known[scheme]()} if scheme else plain


@pytest.fixture(scope="module")
def world(the_app, the_clock):
    the_clock.instant = MORNING
    the_app.test_client_class = Browser
    wire.app = the_app
    with the_app.app_context(), undone() as session:
        yield World(the_app.test_client(), session, the_clock)


@schema.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented(case, world):
    case.call_and_validate(headers=world.headers(case.operation.definition.raw["security"]))
