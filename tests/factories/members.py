"""Members for tests, made through the services."""

from __future__ import annotations

from datetime import date
from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import FixedClock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import transaction
from sacco_app.members import queries, service
from sacco_app.members.types import AdmitMember, MemberFacts, PersonDetails, RegisterMember
from sacco_app.organisation.queries import list_branches

_serial = count(1)


def details(**changes: object) -> PersonDetails:
    """A plausible person, another one at each call."""
    number = next(_serial)
    plain: dict[str, object] = {
        "surname": f"Nakimuli{number}",
        "given_names": "Amina",
        "sex": "F",
        "date_of_birth": date(1990, 1, 1 + number % 28),
        "phone": f"+25677{number:07d}",
    }
    return PersonDetails(**(plain | changes))  # type: ignore[arg-type]


def make_member(session: Session, clock: FixedClock, branch_id: UUID | None = None, **changes: object) -> MemberFacts:
    """An active member."""
    system = Actor.system()
    branch = branch_id or list_branches(session)[0].id
    with transaction(system, clock) as inner:
        member_id = service.register_member(inner, system, clock, RegisterMember(branch, details(**changes)))
        service.execute_admission(inner, system, clock, AdmitMember(member_id), new_id())
    return queries.get_member(session, member_id)
