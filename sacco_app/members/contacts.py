"""How a member is reached: what rooms above need to send a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel.errors import NotFound
from sacco_app.members.models import Member
from sacco_app.notifications.types import Message


@dataclass(frozen=True, slots=True)
class Contact:
    """A member as a reader of messages; `consent` is the agreement to SMS given on the application."""

    member_id: UUID
    branch_id: UUID
    number: str
    name: str
    phone: str
    email: str
    language: str
    consent: bool

    def sms(self, code: str, event_id: str, values: Mapping[str, str], phone: str = "") -> Message:
        """A message to the member's phone (or to `phone`) because of an outbox event, in the member's language."""
        return Message(
            code,
            UUID(event_id),
            phone or self.phone,
            {"name": self.name, "mno": self.number, **values},
            self.language,
            member_id=self.member_id,
            branch_id=self.branch_id,
            consent=self.consent,
        )


def contact(session: Session, member_id: UUID) -> Contact:
    """How a member is reached, as of now. Raises NotFound."""
    row = session.scalars(select(Member).where(Member.id == member_id)).first()
    if row is None:
        raise NotFound(what="member")
    name = f"{row.surname} {row.given_names}"[:25].strip()
    return Contact(row.id, row.branch_id, row.number, name, row.phone, row.email, row.language, row.sms_consent)
