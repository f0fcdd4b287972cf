"""Changes of rooms below (users, roles, parameters) are commands that wait like any other: this room keeps their desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import queries, service
from sacco_app.approvals.registry import register_kind
from sacco_app.approvals.types import CommandKind, Description
from sacco_app.kernel import desk
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.desk import Change


class ApprovalsDesk:
    """The kernel's port, kept by this room."""

    def submit(self, session: Session, actor: Actor, clock: Clock, kind: str, command: Any, reason: str) -> UUID:
        return service.submit(session, actor, clock, kind, command, reason)

    def waiting(self, session: Session, subject_url: str) -> list[tuple[str, str]]:
        return [(row.summary, f"/approvals/{row.id}") for row in queries.waiting_for(session, subject_url)]


def _description(tell: Callable[[Session, Any], Change]) -> Callable[[Session, Any], Description]:
    def describe(session: Session, command: Any) -> Description:
        told = tell(session, command)
        return Description(told.summary, told.branch_id, None, told.effects, told.subject_url, told.concerns)

    return describe


def register() -> None:
    """Make the kinds of the lower rooms known and take the desk."""
    for kind in desk.change_kinds():
        register_kind(
            CommandKind(kind.name, kind.title, kind.command, kind.permission, _description(kind.describe), kind.execute)
        )
    desk.bind_desk(ApprovalsDesk())
