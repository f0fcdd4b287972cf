"""Members with money and apps of their own, and programs of partners."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from sacco_app.access.types import SaveClient
from sacco_app.kernel.uow import transaction
from sacco_app.members import pins
from sacco_app.savings import service as savings
from sacco_app.savings.types import OpenAccount
from tests.factories.access import actor_for, make_user_everywhere
from tests.factories.clients import make_client
from tests.factories.counter import make_counter
from tests.factories.members import long_ago, make_member

PIN = "4071"


@dataclass
class App:
    """A member's app: keeps its tokens and sends them."""

    client: FlaskClient
    phone: str
    member_id: UUID
    accounts: list[UUID]
    tokens: dict[str, Any] = field(default_factory=dict)

    def sign_in(self, pin: str = PIN, name: str = "Test phone") -> Any:
        body = {"phone": self.phone, "pin": pin, "device_name": name}
        answer = self.client.post("/api/v1/sign-in", json=body)
        if answer.status_code == 200:
            self.tokens = answer.json
        return answer

    def refresh(self, token: str | None = None) -> Any:
        answer = self.client.post(
            "/api/v1/sign-in/refresh", json={"refresh_token": token or self.tokens["refresh_token"]}
        )
        if answer.status_code == 200:
            self.tokens = answer.json
        return answer

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, **kwargs: Any) -> Any:
        bearer = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        return self.client.open(f"/api/v1{path}", method=method, headers=bearer | (headers or {}), **kwargs)

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> Any:
        return self.call("POST", path, **kwargs)


def enrolled(client, session, clock, counter, phone: str, amount: int = 100_000, **over: Any) -> App:
    """A member with two accounts, money on the first, a chosen PIN and an app that is not signed in."""
    member = make_member(session, clock, counter.teller.branch_id, phone=phone, **over)
    accounts = []
    with transaction(counter.teller, clock) as inner:
        for _ in range(2):
            accounts.append(savings.open_account(inner, counter.teller, clock, OpenAccount(member.id, "REG")))
            inner.flush()
        temporary = pins.issue_temporary_pin(inner, counter.teller, long_ago(clock), member.id)
    if amount:
        counter.deposit(amount, account_id=accounts[0])
    with transaction(counter.teller, clock) as inner:
        pins.change_pin(inner, clock, member.id, temporary, PIN)
    return App(client, phone, member.id, accounts)


@dataclass
class Partner:
    """A partner's program with its own client."""

    client: FlaskClient
    id: UUID
    client_id: str
    secret: str
    token: str = ""

    def ask_token(self, scope: str | None = None, secret: str | None = None, **form: str) -> Any:
        body = {"grant_type": "client_credentials", **({"scope": scope} if scope else {}), **form}
        answer = self.client.post("/api/v1/oauth/token", data=body, auth=(self.client_id, secret or self.secret))
        if answer.status_code == 200:
            self.token = answer.json["access_token"]
        return answer

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        bearer = {"Authorization": f"Bearer {self.token}"} | (headers or {})
        return self.client.get(f"/api/v1{path}", headers=bearer, query_string=query or None)


def partner_of(client, clock, boss, *scopes: str, branches: tuple[UUID, ...] = (), **over: Any) -> Partner:
    """A client with these scopes, in these branches (all, if none is named), holding a token."""
    new = make_client(clock, boss, SaveClient("Accounting partner", "Irene", scopes, branches=branches, **over))
    partner = Partner(client, new.id, new.client_id, new.secret)
    assert partner.ask_token().status_code == 200
    return partner


@pytest.fixture
def counter(session, clock):
    return make_counter(session, clock)


@pytest.fixture
def make_app(client, session, clock, counter):
    """Make members with apps."""
    return partial(enrolled, client, session, clock, counter)


@pytest.fixture
def grace(make_app) -> App:
    """Nakimuli Grace, signed in."""
    app = make_app("+256772123456", surname="Nakimuli", given_names="Grace")
    assert app.sign_in().status_code == 200
    return app


@pytest.fixture
def peter(make_app) -> App:
    """Ssekandi Peter, signed in."""
    app = make_app("+256772654321", surname="Ssekandi", given_names="Peter")
    assert app.sign_in().status_code == 200
    return app


@pytest.fixture
def make_partner(client, session, clock):
    """Make clients."""
    return partial(partner_of, client, clock, actor_for(session, make_user_everywhere(session, clock, "administrator")))
