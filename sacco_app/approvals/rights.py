"""Changes of users and roles are commands that wait like any other. The access room stands below and asks over its port."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import ports
from sacco_app.access.service import changes
from sacco_app.access.types import AccessPermission, CreateUser, NewTelephone, SaveRole, UpdateUser
from sacco_app.approvals import queries, service
from sacco_app.approvals.registry import register_kind
from sacco_app.approvals.types import CommandKind, Description
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock

KINDS: tuple[tuple[str, str, type[Any], Any, Any], ...] = (
    (ports.CREATE_USER, "New user", CreateUser, changes.describe_create_user, changes.execute_create_user),
    (ports.UPDATE_USER, "Change of a user", UpdateUser, changes.describe_update_user, changes.execute_update_user),
    (ports.SAVE_ROLE, "Change of a role", SaveRole, changes.describe_save_role, changes.execute_save_role),
    (ports.NEW_TELEPHONE, "New telephone", NewTelephone, changes.describe_new_telephone, changes.execute_new_telephone),
)


class RightsDesk:
    """The access room's port, kept by this room."""

    def submit(self, session: Session, actor: Actor, clock: Clock, kind: str, command: Any, reason: str) -> UUID:
        return service.submit(session, actor, clock, kind, command, reason)

    def waiting(self, session: Session, subject_url: str) -> list[tuple[str, str]]:
        rows = queries.waiting_for(session, subject_url)
        return [(row.summary, f"/approvals/{row.id}") for row in rows]


def _description(tell: Callable[[Session, Any], ports.Change]) -> Callable[[Session, Any], Description]:
    def describe(session: Session, command: Any) -> Description:
        told = tell(session, command)
        return Description(
            told.summary, told.branch_id, None, told.effects, told.subject_url, beneficiary_user_ids=told.concerns
        )

    return describe


def register() -> None:
    """Make the kinds known and take the desk."""
    for name, title, command, tell, execute in KINDS:
        register_kind(CommandKind(name, title, command, AccessPermission.USER_APPROVE, _description(tell), execute))
    ports.bind_desk(RightsDesk())
