"""A member with a telephone, two accounts and a PIN, and gateways that call us."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from redis import Redis

from sacco_app.integrations.ussd.dialects import dialect
from sacco_app.kernel.ids import new_code
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.members import pins
from sacco_app.savings import queries as savings_queries
from sacco_app.savings import service as savings
from sacco_app.savings.types import OpenAccount
from sacco_app.ussd import gateways
from tests.factories.counter import make_counter
from tests.factories.members import long_ago, make_member

PIN = "8351"
SECRET = "k7Qm2ZxV9pLr4TnB6wYc8HdF3sGj5AeU"
OLD_SECRET = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6"
HOOK = f"/hooks/ussd/africastalking/{SECRET}"
SETTINGS = {
    "africastalking": {"secrets": [SECRET, OLD_SECRET]},
    "arkesel": {"secrets": [SECRET], "owner": "ours", "region": "UG", "code": "*284*55#"},
    "hubtel": {"secrets": [SECRET], "region": "UG"},
    "guarded": {"dialect": "africastalking", "secrets": [SECRET], "allow": ["192.0.2.0/24"]},
}


@dataclass
class Handset:
    """A member's telephone at Africa's Talking: everything typed so far goes with every hop."""

    client: FlaskClient
    number: str
    member_id: UUID
    accounts: list[UUID]
    url: str = HOOK
    session_id: str = ""
    path: list[str] = field(default_factory=list)
    answer: Any = None

    def dial(self, behind_the_code: str = "") -> str:
        self.session_id, self.path = f"ATUid_{new_code(24)}", [behind_the_code] if behind_the_code else []
        return self.again()

    def types(self, *inputs: str) -> str:
        for typed in inputs:
            self.path.append(typed)
            self.again()
        return self.answer.text

    def again(self) -> str:
        """The same hop as before."""
        self.answer = self.client.post(self.url, data=self.facts(text="*".join(self.path)))
        assert self.answer.status_code == 200, self.answer.text
        return self.answer.text

    def facts(self, **more: str) -> dict[str, str]:
        return {
            "sessionId": self.session_id,
            "serviceCode": "*284*55#",
            "phoneNumber": self.number,
            "networkCode": "64110",
            **more,
        }

    def ends(self, status: str) -> Any:
        """The gateway tells that it is over, with everything typed, as Africa's Talking does."""
        facts = self.facts(status=status, input="*".join(self.path), lastAppResponse="END something", hopsCount="3")
        return self.client.post(f"{self.url}/events", data=facts)


@pytest.fixture(autouse=True)
def called_by(app, monkeypatch):
    """The gateways that may call."""
    monkeypatch.setitem(app.extensions, "ussd_gateways", gateways.load(json.dumps(SETTINGS), dialect))


@pytest.fixture
def counter(session, clock):
    yield_ = make_counter(session, clock)
    yield yield_
    assert proofs.differences(session) == []


@pytest.fixture
def make_handset(client, session, clock, counter):
    """Make a member with two accounts and 100,000 on the first. `pin`: chosen, or None for one that was never issued."""

    def make(pin: str | None = PIN, **over: Any) -> Handset:
        member = make_member(session, clock, counter.teller.branch_id, **over)
        accounts, temporary = [], ""
        with transaction(counter.teller, clock) as inner:
            for _ in range(2):
                accounts.append(savings.open_account(inner, counter.teller, clock, OpenAccount(member.id, "REG")))
                inner.flush()
            if pin:
                temporary = pins.issue_temporary_pin(inner, counter.teller, long_ago(clock), member.id)
        counter.deposit(100_000, account_id=accounts[0])
        if pin and pin != "temporary":
            with transaction(counter.teller, clock) as inner:
                pins.change_pin(inner, clock, member.id, temporary, pin)
        handset = Handset(client, member.phone, member.id, accounts)
        handset.temporary = temporary
        return handset

    return make


@pytest.fixture
def handset(make_handset) -> Handset:
    """A telephone on which English was chosen before."""
    made = make_handset()
    made.dial()
    made.types("1")
    return made


@pytest.fixture
def balances(session):
    def read(handset: Handset) -> list[int]:
        session.expire_all()
        held = savings_queries.accounts_of_member(session, handset.member_id)
        return [one.ledger_balance.minor for one in held]

    return read


@pytest.fixture
def valkey(config) -> Redis:
    return Redis.from_url(config.redis_url)
