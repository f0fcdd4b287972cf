"""From the cookie to the actor: Flask-Login keeps the session's id, the database says whether it still holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask, current_app, g, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from sacco_app.access import queries, rules, service
from sacco_app.access.types import Identity
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.webkit.auth import current_clock, door_of
from sacco_app.webkit.htmx import redirect_to

BACKGROUND = "X-Background"  # a page that reads a part of itself again is nobody at the desk
TOUCH_AFTER = timedelta(seconds=60)
OPEN_WHILE_BOUND = {
    "access.enrol_totp",
    "access.totp_picture",
    "access.change_password",
    "access.sign_out",
    "static",
    "healthz",
}


class StaffIdentity(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps: the id of the staff session."""

    def __init__(self, session_id: UUID, identity: Identity | None = None) -> None:
        self.id = str(session_id)
        self.identity = identity


def register_login(app: Flask) -> None:
    manager: LoginManager = app.extensions["login"]
    manager.session_protection = None

    @manager.user_loader
    def load(session_id: str) -> StaffIdentity | None:
        try:
            identity = queries.identity(db.session(), UUID(session_id), request.remote_addr or "")
        except ValueError:
            return None
        return StaffIdentity(UUID(session_id), identity) if identity else None


def load_identity() -> Response | None:
    """Put the actor into `g`; end what is too old; send to enrolment or to a new password who owes one."""
    g.actor = None
    if request.endpoint in ("static", "healthz") or door_of(request.endpoint) or "_user_id" not in session:
        return None
    identity: Identity | None = getattr(current_user, "identity", None)
    if identity is None:
        session.clear()
        return None
    config: Any = current_app.extensions["config"]
    clock = current_clock()
    now = clock.now()
    idle, absolute = rules.time_limits(config.session_idle_minutes, config.session_absolute_hours)
    if rules.is_expired(now, identity.started_at, identity.last_seen_at, idle, absolute):
        run(
            identity.actor,
            clock,
            lambda s: service.end_session(s, identity.actor, clock, identity.session_id, "time-out"),
        )
        session.clear()
        return None
    if now - identity.last_seen_at > TOUCH_AFTER and BACKGROUND not in request.headers:
        run(identity.actor, clock, lambda s: service.touch_session(s, clock, identity.session_id))
    g.actor = identity.actor
    return _owed(identity)


def _owed(identity: Identity) -> Response | None:
    if request.endpoint in OPEN_WHILE_BOUND:
        return None
    if identity.must_change_password:
        return redirect_to(url_for("access.change_password"))
    return redirect_to(url_for("access.enrol_totp")) if identity.must_enrol else None


def visitor() -> Actor:
    """Who knocks at the door: nobody yet, but with an address for the audit trail."""
    return Actor(UUID(int=0), "Visitor", ip=request.remote_addr or "", channel="door")
