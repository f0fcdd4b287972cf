"""Front doors of the USSD room: the gateways' callback, the list of sessions, in development the simulator."""

from __future__ import annotations

from typing import Any

from flask import Flask

from sacco_app.ussd import jobs as _jobs  # noqa: F401 - declares the recurring task
from sacco_app.ussd.desk import Desk
from sacco_app.ussd.store import SessionStore
from sacco_app.ussd.views import hooks, sessions, simulator
from sacco_app.webkit.limits import limiter
from sacco_app.webkit.navigation import NavItem, add_navigation

__all__ = ["hooks", "register", "sessions", "simulator"]


def register(app: Flask) -> None:
    """Add the room to the application. Gateways have no form token, and many members at once are no flood."""
    config: Any = app.extensions["config"]
    app.extensions["ussd_gateways"] = {}
    app.extensions["ussd_desk"] = Desk(
        SessionStore(config.redis_url),
        app.extensions["clock"],
        hops_a_minute=config.ussd_hops_per_minute,
        resume_minutes=config.ussd_resume_minutes,
    )
    app.register_blueprint(hooks.blueprint)
    app.extensions["csrf"].exempt(hooks.blueprint)
    limiter.exempt(hooks.blueprint)
    app.register_blueprint(sessions.blueprint)
    add_navigation(app, NavItem("Control", "USSD sessions", "ussd.list_sessions", "device-mobile", 66))
    if not config.is_production:
        app.register_blueprint(simulator.blueprint)
        add_navigation(app, NavItem("Control", "USSD simulator", "ussd_simulator.phone", "keyboard", 67))
