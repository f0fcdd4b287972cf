"""Reads of the USSD room."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.ussd.models import UssdChoice, UssdSession


def has_chosen_language(session: Session, member_id: UUID) -> bool:
    """Whether the member has chosen a language on the telephone before."""
    return session.get(UssdChoice, member_id) is not None


def in_scope(actor: Actor) -> Select[UssdSession]:
    """The sessions of members of the actor's branches; those of strangers are seen by who sees every branch."""
    query = select(UssdSession)
    return query if actor.branch_ids is None else query.where(UssdSession.branch_id.in_(actor.branch_ids))
