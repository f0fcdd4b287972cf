"""A command that waits, made for these tests: it notes what happens to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from sacco_app.approvals import registry
from sacco_app.approvals.types import CommandKind, Description
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import UGX, Money
from sacco_app.organisation.queries import list_branches
from tests.factories.access import make_user

RIGHT = "approvals:request:view"


@dataclass(frozen=True)
class PayOut:
    amount: Money
    branch_id: UUID
    on: date = date(2026, 11, 23)
    rate: Decimal = Decimal("0.10")
    to: UUID | None = None
    parts: tuple[Money, ...] = (Money(1, UGX),)


@pytest.fixture
def branch(session):
    return list_branches(session)[0].id


@pytest.fixture
def people(session, clock, branch):
    """Three tellers of one branch, each with the right to check."""
    made = [make_user(session, clock, "teller", email=f"t{n}@umoja.example") for n in range(3)]
    rights = frozenset({RIGHT, "approvals:policy:edit"})
    return [Actor(u.id, f"T{n}", rights, ("teller",), branch, frozenset({branch})) for n, u in enumerate(made)]


@pytest.fixture
def happened(app):
    """What became of the commands: (verb, command)."""
    log = []

    def note(verb):
        def hook(session, actor, clock, command, request_id):
            log.append((verb, command))
            return f"/{verb}"

        return hook

    def describe(session, command):
        effects = (("Pays", str(command.amount)),)
        gains = frozenset({command.to} if command.to else ())
        return Description("Pay out", command.branch_id, command.amount, effects, "/", gains)

    common = {"command": PayOut, "permission": RIGHT, "describe": describe, "execute": note("done")}
    hooks = {"submitted": note("held"), "released": note("let go"), "refused": note("refused")}
    registry.register_kind(CommandKind("tests.pay", "Pay", **common, **hooks))
    registry.register_kind(CommandKind("tests.pay-later", "Pay later", **common, **hooks, executed_by_maker=True))
    yield log
    for name in ("tests.pay", "tests.pay-later"):
        registry._kinds.pop(name)


@pytest.fixture
def pay(branch):
    return PayOut(Money(2_000_000, UGX), branch)
