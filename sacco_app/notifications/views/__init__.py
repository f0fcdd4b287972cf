"""Pages of the notifications room."""

from __future__ import annotations

from flask import Flask

from sacco_app.notifications import jobs as _jobs  # noqa: F401 - declares the subscribers
from sacco_app.notifications.views import log
from sacco_app.notifications.views.blueprint import blueprint
from sacco_app.webkit.navigation import NavItem, add_navigation

__all__ = ["log", "register"]


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    add_navigation(
        app, NavItem("Control", "Messages", "notifications.list_messages", "message-2", 65, badge=log.undecided)
    )
