"""Which member a user is. The members room is above this one: it binds what is asked here when the application is built."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session


class Membership(Protocol):
    """Finds a member by number in every branch (None when there is none), and tells number and name."""

    def find(self, session: Session, number: str) -> UUID | None: ...

    def label(self, session: Session, member_id: UUID) -> tuple[str, str]: ...


_bound: dict[str, Membership] = {}


def bind_membership(port: Membership) -> None:
    """Answer for the members room; called once when the application is built."""
    _bound["membership"] = port


def find_member(session: Session, number: str) -> UUID | None:
    """The member with this number."""
    return _bound["membership"].find(session, number)


def member_number(session: Session, member_id: UUID | None) -> str:
    """The number of the member, or nothing."""
    return _bound["membership"].label(session, member_id)[0] if member_id else ""


def member_label(session: Session, member_id: UUID | None) -> str:
    """Number and name of the member, or "not one"."""
    return " ".join(_bound["membership"].label(session, member_id)) if member_id else "not one"
