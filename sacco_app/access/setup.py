"""Base data of the access room: the roles and what they may do (data/roles.json), and a technical user per channel."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access.models import Role, RoleOffer, RolePermission, User
from sacco_app.access.types import CHANNEL_USERS
from sacco_app.kernel import audit
from sacco_app.kernel.audit import AuditEvent
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id

ROLES: dict[str, dict[str, Any]] = json.loads((files("sacco_app.access") / "data" / "roles.json").read_text())


def install(session: Session, clock: Clock, profile: str) -> None:
    """Make the roles and technical users that are not there, and give the roles that are what is new since.

    What an administrator took from a role is not brought back: only what was never offered to it is.
    """
    _install_channel_users(session)
    known = {role.code: role for role in session.scalars(select(Role))}
    for code, shipped in ROLES.items():
        role = known.get(code)
        if role is None:
            role = Role(id=new_id(), code=code, name=shipped["name"], requires_totp=shipped["requires_totp"])
            session.add(role)
            session.flush()
            _give(session, role.id, shipped["permissions"])
            _note_offered(session, role.id, shipped["permissions"])
        else:
            _extend(session, role, shipped["permissions"])


def _extend(session: Session, role: Role, shipped: list[str]) -> None:
    held = set(session.scalars(select(RolePermission.permission).where(RolePermission.role_id == role.id)))
    noted = set(session.scalars(select(RoleOffer.permission).where(RoleOffer.role_id == role.id)))
    offered = noted or held | _taken_away(session, role.id)
    new = sorted(set(shipped) - offered - held)
    _give(session, role.id, new)
    _note_offered(session, role.id, sorted(set(shipped) - noted))
    if new:
        audit.record(session, "roles.extended", ("roles", role.id), after={"name": role.name, "permissions": new})


def _give(session: Session, role_id: UUID, permissions: list[str]) -> None:
    session.add_all(RolePermission(role_id=role_id, permission=name) for name in permissions)


def _note_offered(session: Session, role_id: UUID, permissions: list[str]) -> None:
    session.add_all(RoleOffer(role_id=role_id, permission=name) for name in permissions)


def _taken_away(session: Session, role_id: UUID) -> set[str]:
    """What the audit trail knows to have been taken from a role, where nobody noted yet what was offered to it."""
    query = select(AuditEvent.before).where(
        AuditEvent.subject_type == RolePermission.__tablename__, AuditEvent.action == "role_permissions.deleted"
    )
    return {gone["permission"] for gone in session.scalars(query) if gone and gone.get("role_id") == str(role_id)}


def _install_channel_users(session: Session) -> None:
    known = set(session.scalars(select(User.id).where(User.id.in_(CHANNEL_USERS.values()))))
    for channel, user_id in CHANNEL_USERS.items():
        if user_id not in known:
            name = f"Channel {channel.replace('_', ' ')}"
            row = User(id=user_id, email=f"channel:{channel}", name=name, is_active=False, all_branches=True)
            row.is_technical = True
            session.add(row)
