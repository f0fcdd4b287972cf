"""Pages of the notifications room."""

from __future__ import annotations

from flask import Flask

from sacco_app.notifications import jobs as _jobs  # noqa: F401 - declares the subscribers
from sacco_app.notifications.views import hooks, inbox, log, own, reports, words
from sacco_app.notifications.views.blueprint import blueprint
from sacco_app.notifications.views.blueprint import hooks as hooks_blueprint
from sacco_app.webkit.limits import limiter
from sacco_app.webkit.navigation import NavItem, add_navigation

__all__ = ["hooks", "inbox", "log", "own", "register", "reports", "words"]


def register(app: Flask) -> None:
    """Add the room to the application. Providers have no form token, and many messages at once are no flood."""
    app.register_blueprint(blueprint)
    app.register_blueprint(hooks_blueprint)
    app.extensions["csrf"].exempt(hooks_blueprint)
    limiter.exempt(hooks_blueprint)
    add_navigation(
        app, NavItem("Control", "Messages", "notifications.list_messages", "message-2", 65, badge=log.undecided)
    )
