"""Members for tests, made the way the counter makes them: an application, and a second person who admits."""

from __future__ import annotations

import io
from datetime import date, timedelta
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from PIL import Image
from sqlalchemy.orm import Session

from sacco_app.access.service import create_user
from sacco_app.access.types import CreateUser
from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.kernel.actor import SYSTEM_USER_ID, Actor
from sacco_app.kernel.clock import FixedClock
from sacco_app.kernel.uow import transaction
from sacco_app.members import queries, service
from sacco_app.members.types import DocumentKind, MemberFacts, PersonDetails, RegisterMember, Upload

_numbers = count(1)


def long_ago(clock: FixedClock) -> FixedClock:
    """A clock two days back: a PIN that was issued then lets money go to others by now."""
    return FixedClock(clock.now() - timedelta(hours=48))


def person(**over: Any) -> PersonDetails:
    """Somebody whom nobody is mixed up with."""
    number = next(_numbers)
    known = {
        "surname": "Okello",
        "given_names": "Grace",
        "sex": "F",
        "date_of_birth": date(1960 + number % 40, number % 12 + 1, number % 28 + 1),
        "phone": f"+25677{number:07d}",
        "id_card_number": f"{number:09d}",
    }
    return PersonDetails(**(known | over))


@cache
def _paper() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (8, 8), "white").save(buffer, "JPEG")
    return buffer.getvalue()


def needed_papers() -> tuple[Upload, ...]:
    """The files without which nobody is admitted."""
    kinds = (DocumentKind.PHOTO, DocumentKind.SIGNATURE, DocumentKind.ID_FRONT)
    return tuple(Upload(kind, _paper(), f"{kind}.jpg") for kind in kinds)


def apply_for_membership(
    clock: FixedClock, branch_id: UUID, uploads: tuple[Upload, ...] = (), **over: Any
) -> tuple[UUID, UUID]:
    """An application that waits. Returns the ids of the member and of the request."""
    system = Actor.system()
    with transaction(system, clock) as session:
        command = RegisterMember(branch_id, person(**over), uploads, confirmed_duplicate=True)
        member_id = service.register_member(session, system, clock, command)
        session.flush()
        waiting = approval_queries.open_requests_of(session, SYSTEM_USER_ID, service.ADMIT)
        request_id = next(r.id for r in waiting if r.command["member_id"] == str(member_id))
    return member_id, request_id


def make_member(
    session: Session, clock: FixedClock, branch_id: UUID, uploads: tuple[Upload, ...] = (), **over: Any
) -> MemberFacts:
    """An active member; `over` replaces details of the person."""
    member_id, request_id = apply_for_membership(clock, branch_id, uploads or needed_papers(), **over)
    with transaction(Actor.system(), clock) as inner:
        command = CreateUser(f"admits-{member_id.hex}@umoja.example", "Admitter", ("branch_manager",), branch_id)
        checker_id = create_user(inner, Actor.system(), clock, command)
    checker = Actor(checker_id, "Admitter", branch_ids=None, is_system=True)
    with transaction(checker, clock) as inner:
        approvals.approve(inner, checker, clock, request_id, "Seen")
    return queries.get_member(session, member_id)


__all__ = ["apply_for_membership", "make_member", "needed_papers", "person"]
