"""The only composition root: extensions, rooms, error pages, template globals, security headers."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Flask, Response, current_app, g
from flask_login import LoginManager
from flask_migrate import Migrate
from sqlalchemy import text
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from sacco_app import cli
from sacco_app.integrations import messaging, ussd
from sacco_app.kernel import crypto, files, nudges
from sacco_app.kernel.clock import Clock, SystemClock
from sacco_app.kernel.dates import format_date, format_instant
from sacco_app.kernel.db import db
from sacco_app.rooms import ROOMS
from sacco_app.webkit import assets, jobs, limits, live, logs, security
from sacco_app.webkit.auth import enforce, may_open, public
from sacco_app.webkit.csrf import Protection
from sacco_app.webkit.errors import register_error_handlers
from sacco_app.webkit.navigation import navigation_for

COMPONENTS = ("ui", "forms", "tables", "money", "charts")


def create_app(config: Config, clock: Clock | None = None) -> Flask:
    """Build the application. `clock` replaces the machine's clock (tests, the making of history)."""
    app = Flask("sacco_app", template_folder="../templates", static_folder="../static")
    _configure(app, config)
    logs.install(app, trust_given_id=config.trusted_proxies > 0)
    assets.install(app)
    app.extensions["config"] = config
    app.extensions["clock"] = clock or SystemClock()
    app.extensions["valkey"] = jobs.connect(app)
    crypto.configure(config.field_encryption_key)
    files.configure(config.upload_dir)
    db.init_app(app)
    Migrate(app, db, directory="migrations")
    limits.install(app)
    Protection(app)
    app.extensions["login"] = LoginManager(app)
    for room in ROOMS:
        room(app)
    nudges.bind_sender(live.sender(config.redis_url))
    messaging.bind(config, app.extensions["clock"])
    ussd.bind(app, config)
    app.before_request(enforce)
    security.install(app, production=config.is_production, realtime_port=config.realtime_port)
    app.add_url_rule("/healthz", "healthz", limits.limiter.exempt(_healthz))
    register_error_handlers(app, "access.sign_in")
    _prepare_templates(app)
    cli.register(app)
    return app


def _configure(app: Flask, config: Config) -> None:
    if not config.testing:
        logs.configure(production=config.is_production)
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=list(config.secret_key_fallbacks),
        TRUSTED_HOSTS=[*config.trusted_hosts, "localhost", "127.0.0.1"] if config.is_production else None,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_size": config.database_pool,
            "max_overflow": 2 * config.database_pool,
            "hide_parameters": config.is_production,
            "pool_pre_ping": False,
            "insertmanyvalues_page_size": 500,
            "connect_args": {"options": "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=30s"},
        },
        **security.cookie_settings(production=config.is_production),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        TESTING=config.testing,
    )
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _prepare_templates(app: Flask) -> None:
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(may_open=lambda endpoint: may_open(g.get("actor"), endpoint))
    environment.filters.update(
        date=lambda day: format_date(day) if day else "", instant=lambda at: format_instant(at) if at else ""
    )
    with app.test_request_context():
        for name in COMPONENTS:
            if f"components/{name}.html" in environment.list_templates():
                environment.globals[name] = environment.get_template(f"components/{name}.html").module
    app.context_processor(_frame_context)


def _frame_context() -> dict[str, Any]:
    """What stands around a page, worked out when the page asks for it: the answer to htmx seldom does."""
    actor = g.get("actor")
    if actor is None:
        return {"actor": None, "navigation": [], "frame": None}
    frame = current_app.extensions.get("frame", lambda _actor: None)
    return {
        "actor": actor,
        "navigation": LocalProxy(cache(lambda: navigation_for(current_app, actor))),
        "frame": LocalProxy(cache(lambda: frame(actor))),
    }


@public
def _healthz() -> Response:
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
