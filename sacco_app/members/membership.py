"""What the access room asks of this one: which member a user is."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound
from sacco_app.members import queries


class Membership:
    """Members of every branch: who keeps users need not see the branch where a colleague saves."""

    def find(self, session: Session, number: str) -> UUID | None:
        """The member with this number, if there is one."""
        try:
            return queries.by_number(session, Actor.system(), number).id
        except NotFound:
            return None

    def label(self, session: Session, member_id: UUID) -> tuple[str, str]:
        """Number and full name."""
        return queries.label(session, member_id)
