"""Reads of the USSD room."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.members import queries as members
from sacco_app.ussd.models import UssdChoice, UssdSession


def has_chosen_language(session: Session, member_id: UUID) -> bool:
    """Whether the member has chosen a language on the telephone before."""
    return session.get(UssdChoice, member_id) is not None


def with_members(actor: Actor) -> Select[Any]:
    """Sessions, each with its member's number and name, of the actor's branches. Strangers are seen by who sees all."""
    query = cast("Select[Any]", select(UssdSession, members.label_column(UssdSession.member_id)))
    return query if actor.branch_ids is None else query.where(UssdSession.branch_id.in_(actor.branch_ids))
