"""A SACCO to be measured: tellers at open tills, members with accounts, on a database of its own."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade

from config import Config
from sacco_app.access.service import create_user
from sacco_app.access.types import CreateUser
from sacco_app.app import create_app
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.db import db
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import run
from sacco_app.organisation.queries import list_branches
from sacco_app.savings import service as savings
from sacco_app.savings.types import OpenAccount
from sacco_app.setup import install_all
from sacco_app.teller import service as teller
from sacco_app.teller.types import CashDeposit, IssueFloat, SaveTill
from tests.factories.access import PASSWORD
from tests.factories.counter import fund_vault
from tests.factories.members import make_member

TILL_LIMIT = 10**12


@dataclass
class Sacco:
    """Who deposits where. `emails` sign in with the password of the tests' staff."""

    app: Flask
    tellers: list[Actor]
    emails: list[str]
    accounts: list[UUID]


def config_for(database_url: str, redis_url: str, folder: Path) -> Config:
    """Settings as in production, but on loopback and with a limit on how often one may ask that is never reached."""
    return Config(
        database_url=database_url,
        redis_url=redis_url,
        secret_key="benchmark " * 6,
        field_encryption_key=Fernet.generate_key().decode(),
        upload_dir=folder / "uploads",
        environment="development",
        public_url="http://127.0.0.1",
        trusted_proxies=0,
        session_idle_minutes=60,
        session_absolute_hours=10,
    )


def build(config: Config, tellers: int, accounts: int) -> Sacco:
    """Set the SACCO up through the services."""
    app = create_app(replace(config, testing=True))
    clock: Clock = app.extensions["clock"]
    with app.app_context():
        upgrade()
        run(Actor.system(), clock, lambda s: install_all(s, clock, "UG-SACCO-TIER4"))
        branch = run(Actor.system(), clock, list_branches)[0].id
        head = _hire(clock, "head_teller", 0, branch)
        fund_vault(clock, head, branch, 10**10)
        people = [_hire(clock, "teller", number, branch) for number in range(tellers)]
        for number, person in enumerate(people):
            _open_till(clock, head, person, branch, number)
        made = [_account(clock, people[0], branch) for _ in range(accounts)]
        db.session.remove()
        db.engine.dispose()
    return Sacco(app, people, [f"teller.{number}@bench.example" for number in range(tellers)], made)


def _hire(clock: Clock, role: str, number: int, branch: UUID) -> Actor:
    from sacco_app.access import queries

    command = CreateUser(f"{role}.{number}@bench.example", f"{role} {number}", (role,), branch, False, PASSWORD)
    user_id = run(Actor.system(), clock, lambda s: create_user(s, Actor.system(), clock, command))
    return run(Actor.system(), clock, lambda s: queries.actor_of(s, user_id))


def _open_till(clock: Clock, head: Actor, person: Actor, branch: UUID, number: int) -> None:
    till = SaveTill(f"T{number}", f"Counter {number}", branch, TILL_LIMIT)
    till_id = run(head, clock, lambda s: teller.save_till(s, head, clock, till))
    offer = IssueFloat(till_id, person.user_id, ((50_000, 20),), f"float-{number}")
    session_id = run(head, clock, lambda s: teller.issue_float(s, head, clock, offer))
    run(person, clock, lambda s: teller.accept_float(s, person, clock, session_id))


def _account(clock: Clock, person: Actor, branch: UUID) -> UUID:
    member = make_member(db.session(), clock, branch)  # type: ignore[arg-type]
    return run(person, clock, lambda s: savings.open_account(s, person, clock, OpenAccount(member.id, "REG")))


def depositor(sacco: Sacco) -> Any:
    """A client that deposits through the service, as one teller, on random accounts."""

    def client(number: int) -> Any:
        sacco.app.app_context().push()
        actor, clock, dice = sacco.tellers[number], sacco.app.extensions["clock"], random.Random(number)

        def act() -> None:
            command = CashDeposit(dice.choice(sacco.accounts), Money(1_000, UGX), "", "", "", str(new_id()))
            run(actor, clock, lambda s: teller.deposit(s, actor, clock, command))

        return act

    return client
