"""What the administrator has set up: staff who save here too, and the program of a partner. Each by two people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.access import service
from sacco_app.access.types import SaveClient, UpdateUser
from sacco_app.approvals import service as approvals
from sacco_app.demo.staff import STAFF, Person
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.members import pins

if TYPE_CHECKING:
    from sacco_app.demo.load import History
    from sacco_app.demo.people import Individual

HOME, SEX = "HQ", "F"
SAVERS = tuple(one for one in STAFF if one.branch == HOME and one.role in ("teller", "loan_officer", "accountant"))
PARTNER = SaveClient(
    "Pearl Agents", "Pearl Agents Ltd, +256800100300", ("members:read", "members:contact", "reports:read")
)
Ask = Callable[[Session, Actor, Clock], UUID]


def _names(person: Person) -> tuple[str, str]:
    given, surname = person.name.split()
    return given, surname


def with_staff(joining: Sequence[Individual]) -> list[Individual]:
    """The same people, but some are staff: the first women of the head office, save the very first, bear their names."""
    found = list(joining)
    fitting = [index for index, one in enumerate(found) if index and (one.branch, one.sex) == (HOME, SEX)]
    for index, person in zip(fitting, SAVERS, strict=False):
        given, surname = _names(person)
        found[index] = replace(found[index], surname=surname, given_names=given)
    return found


def set_up(history: History, joined: Sequence[Individual]) -> None:
    """Tell which member each of these staff is, and let the partner in; its secret waits for the administrator."""
    phones = {(one.given_names, one.surname): one.phone for one in joined}
    for person in SAVERS:
        if _names(person) in phones:
            _agree(history, _link(person, phones[_names(person)]))
    _agree(history, lambda s, actor, clock: service.ask_create_client(s, actor, clock, PARTNER, "Contract of agents"))


def _link(person: Person, phone: str) -> Ask:
    def ask(session: Session, actor: Actor, clock: Clock) -> UUID:
        user, member = access.find_by_email(session, person.email), pins.find_by_phone(session, phone)
        assert user is not None
        assert member is not None
        command = UpdateUser(
            user_id=user.id,
            email=user.email,
            name=user.name,
            roles=user.roles,
            branch_id=user.branch_id,
            all_branches=person.everywhere,
            is_active=True,
            member_id=member.id,
        )
        return service.ask_update_user(session, actor, clock, command, "Saves here too")

    return ask


def _agree(history: History, ask: Ask) -> None:
    """The administrator asks, the compliance officer allows it."""
    asked = history.do(history.person("administrator"), ask, 1)
    checker = history.person("compliance_officer")
    history.do(checker, lambda s, actor, clock: approvals.approve(s, actor, clock, asked, "Seen"), 1)
