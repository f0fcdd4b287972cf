"""Pages of the access room."""

from __future__ import annotations

from flask import Flask

from sacco_app.access.errors import EmailTaken, MemberTaken, RoleCodeTaken
from sacco_app.access.rules import device_name
from sacco_app.access.service import changes, client_changes
from sacco_app.access.views import audit_trail, clients, door, own, roles, sessions, users
from sacco_app.access.views.blueprint import blueprint
from sacco_app.access.views.identity import load_identity, register_login
from sacco_app.kernel.dberrors import register_constraint
from sacco_app.webkit.navigation import NavItem, add_navigation

__all__ = ["audit_trail", "clients", "door", "own", "register", "roles", "sessions", "users"]


def register(app: Flask) -> None:
    """Add the room to the application; its loader of identities runs before every request."""
    changes.register()
    client_changes.register()
    register_login(app)
    app.before_request(load_identity)
    app.register_blueprint(blueprint)
    app.jinja_env.filters["device"] = device_name
    add_navigation(
        app,
        NavItem("Administration", "Users", "access.list_users", "users", 85),
        NavItem("Administration", "Roles", "access.list_roles", "shield-lock", 86),
        NavItem("Administration", "Open sessions", "access.list_sessions", "key", 87),
        NavItem("Administration", "API clients", "access.list_clients", "plug", 88),
        NavItem("Control", "Audit trail", "access.audit_trail", "history", 70),
        NavItem("Control", "Sign-ins", "access.list_attempts", "lock", 71),
    )
    register_constraint("uq_users_email", EmailTaken)
    register_constraint("uq_users_member_id", MemberTaken)
    register_constraint("uq_roles_code", RoleCodeTaken)
