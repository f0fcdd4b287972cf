"""The realtime process: `gunicorn "sacco_app.realtime:create()"` with one worker and many threads.

Holds the websockets of open pages and tells them what changed. Nothing else is served here; a page without it works as
well, it only does not change by itself. Who connects is known by the cookie of the back office, and only pages of the back
office's own host are let in.
"""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_login import current_user
from flask_socketio import SocketIO, join_room
from socketio import RedisManager

from config import Config
from sacco_app.access import rules
from sacco_app.access.types import Identity
from sacco_app.app import create_app
from sacco_app.kernel.db import db
from sacco_app.kernel.nudges import EVERYWHERE, branch_room, user_room
from sacco_app.organisation.queries import list_branches
from sacco_app.webkit import jobs, processes

BEAT_SECONDS = 10.0


def same_host(origin: str, environ: dict[str, Any]) -> bool:
    """True for a page of the host that is asked: in development the page comes from another port of it."""
    return urlsplit(origin).hostname == urlsplit(f"//{environ.get('HTTP_HOST', '')}").hostname


def rooms_of(identity: Identity) -> list[str]:
    """The rooms whose nudges a person hears: the own one, and the branches in scope."""
    actor = identity.actor
    branches = list_branches(db.session(), actor)
    return [EVERYWHERE, user_room(actor.user_id), *(branch_room(branch.id) for branch in branches)]


def _known(app: Flask) -> Identity | None:
    identity: Identity | None = getattr(current_user, "identity", None)
    if identity is None or identity.must_enrol or identity.must_change_password:
        return None
    config, now = app.extensions["config"], app.extensions["clock"].now()
    limits = rules.time_limits(config.session_idle_minutes, config.session_absolute_hours)
    return None if rules.is_expired(now, identity.started_at, identity.last_seen_at, *limits) else identity


def attach(app: Flask) -> SocketIO:
    """Put the socket server before the application. A handler asks the database once, at the start, and never again."""
    server = SocketIO(
        app,
        async_mode="threading",
        transports=["websocket"],
        client_manager=RedisManager(app.extensions["config"].redis_url),
        cors_allowed_origins=same_host,
        manage_session=False,
    )

    @server.on("connect")  # type: ignore[untyped-decorator]
    def connect() -> bool:
        try:
            identity = _known(app)
            if identity is None:
                return False
            for room in rooms_of(identity):
                join_room(room)
            return True
        finally:
            db.session.remove()

    return server


def _only_sockets() -> Response | None:
    return None if request.endpoint == "healthz" else Response("Only websockets are served here\n", 404)


def beat(app: Flask) -> None:
    """Give signs of life until the process ends."""
    connection = jobs.connect(app)
    rest = threading.Event()
    while True:
        processes.sign_of_life(connection, "realtime")
        rest.wait(BEAT_SECONDS)


def create(config: Config | None = None) -> Flask:
    """The WSGI application of the realtime process."""
    app = create_app(config or Config.from_env())
    app.before_request_funcs.setdefault(None, []).insert(0, _only_sockets)
    attach(app)
    threading.Thread(target=beat, args=(app,), daemon=True).start()
    return app
