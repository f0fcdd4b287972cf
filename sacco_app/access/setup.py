"""Base data of the access room: the roles and what they may do (data/roles.json), and a technical user per channel."""

from __future__ import annotations

import json
from importlib.resources import files
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.access.models import Role, RolePermission, User
from sacco_app.access.types import CHANNEL_USERS
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id


def install(session: Session, clock: Clock, profile: str) -> None:
    """Make the roles and technical users that are not there; a role that a SACCO has changed is left as it is."""
    _install_channel_users(session)
    known = set(session.scalars(select(Role.code)))
    data = json.loads((files("sacco_app.access") / "data" / "roles.json").read_text())
    for code, role in data.items():
        if code in known:
            continue
        role_id: UUID = new_id()
        session.add(Role(id=role_id, code=code, name=role["name"], requires_totp=role["requires_totp"]))
        session.flush()
        session.add_all(RolePermission(role_id=role_id, permission=permission) for permission in role["permissions"])


def _install_channel_users(session: Session) -> None:
    known = set(session.scalars(select(User.id).where(User.id.in_(CHANNEL_USERS.values()))))
    for channel, user_id in CHANNEL_USERS.items():
        if user_id not in known:
            name = f"Channel {channel.replace('_', ' ')}"
            row = User(id=user_id, email=f"channel:{channel}", name=name, is_active=False, all_branches=True)
            row.is_technical = True
            session.add(row)
