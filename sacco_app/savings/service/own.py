"""Staff who are members too do not move their own money."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.savings import queries
from sacco_app.savings.errors import OwnAccount


def require_colleague(session: Session, actor: Actor, *account_ids: UUID) -> None:
    """Raise OwnAccount when one of the accounts is the actor's own; a member on the API or USSD is free to use theirs."""
    if actor.member_id is None or actor.is_member:
        return
    for account_id in account_ids:
        require_colleague_of(actor, queries.owner_of(session, account_id))


def require_colleague_of(actor: Actor, owner_id: UUID | None) -> None:
    """Raise OwnAccount when the owner, who is known already, is the actor; nothing is read."""
    if is_own(actor, owner_id):
        raise OwnAccount


def is_own(actor: Actor, owner_id: UUID | None) -> bool:
    """Whether what belongs to this member is the actor's own, and the actor serves it as staff."""
    return owner_id is not None and owner_id == actor.member_id and not actor.is_member
