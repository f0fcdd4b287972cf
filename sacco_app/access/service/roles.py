"""Roles and what they may do."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access.catalogue import PERMISSIONS
from sacco_app.access.errors import OwnRights, PermissionUnknown, RoleCodeTaken
from sacco_app.access.models import Role, RolePermission
from sacco_app.access.types import AccessPermission, SaveRole
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id


def save_role(session: Session, actor: Actor, clock: Clock, command: SaveRole) -> UUID:
    """Make a role, or say anew what it may do: the second person's act. Those who hold it notice at their next click.

    Raises OwnRights for a role that the actor holds, PermissionUnknown, RoleCodeTaken, NotFound.
    """
    actor.require(AccessPermission.USER_APPROVE)
    role = check_role(session, actor, command) or Role(id=new_id(), code=command.code, name=command.name)
    session.add(role)
    role.name, role.requires_totp = command.name, command.requires_totp
    session.flush()
    query = select(RolePermission).where(RolePermission.role_id == role.id)
    present = {row.permission: row for row in session.scalars(query)}
    wanted = set(command.permissions)
    session.add_all(RolePermission(role_id=role.id, permission=name) for name in sorted(wanted - present.keys()))
    for name in present.keys() - wanted:
        session.delete(present[name])
    return role.id


def check_role(session: Session, actor: Actor, command: SaveRole) -> Role | None:
    """The locked role, None for a new one. Raises what `save_role` would refuse."""
    for permission in command.permissions:
        if permission not in PERMISSIONS:
            raise PermissionUnknown(permission=permission)
    if command.role_id is None:
        if session.scalar(select(Role.id).where(Role.code == command.code)):
            raise RoleCodeTaken
        return None
    role = session.get(Role, command.role_id, with_for_update=True)
    if role is None:
        raise NotFound(what="role")
    if role.code in actor.roles:
        raise OwnRights
    return role
