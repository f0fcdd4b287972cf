"""How often one may knock. Counted in Valkey across all processes; when it is away, each process counts for itself.

Everybody has a budget for the whole site: a signed-in browser its own, strangers one for each address. Doors where one
can guess have a tighter one, named with `@limited`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request, session
from flask_limiter import Limiter
from redis import Redis

from sacco_app.webkit.auth import door_of

F = TypeVar("F", bound=Callable[..., object])
API = "3000 per minute"
SIGN_IN = "30 per minute;300 per hour"
RESET = "5 per minute;20 per hour"
PUBLIC_CHECK = "30 per minute"


def _who() -> str:
    """The signed session cookie if there is one (it cannot be forged), else the address: no database is asked."""
    return f"session:{session['_user_id']}" if "_user_id" in session else f"address:{request.remote_addr}"


def _address() -> str:
    return f"address:{request.remote_addr}"


def _site() -> str:
    """Behind one address of a carrier stand thousands of apps: callers of the API are counted closer by their tokens."""
    return API if door_of(request.endpoint) else str(current_app.extensions["config"].rate_limit)


limiter = Limiter(
    key_func=_who,
    application_limits=[_site],
    in_memory_fallback_enabled=True,
    key_prefix="sacco",
)


def install(app: Flask) -> None:
    """Before the rooms: a flood must not reach the database. Tests switch `limiter.enabled` on where they want it."""
    pool: Redis = app.extensions["valkey"]
    app.config["RATELIMIT_STORAGE_URI"] = "redis://"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"connection_pool": pool.connection_pool}
    limiter.init_app(app)
    limiter.enabled = not app.config["TESTING"]


def limited(rules: str, *, methods: tuple[str, ...] | None = None) -> Callable[[F], F]:
    """The view may be called so often from one address: `@limited("30 per minute", methods=("POST",))`.

    Stands below `@public` and its like, next to the function.
    """

    def mark(view: F) -> F:
        return limiter.limit(rules, key_func=_address, methods=list(methods) if methods else None)(view)  # type: ignore[return-value]

    return mark


def retry_after() -> int:
    """Whole seconds until the limit that refused this request opens again."""
    limit = limiter.current_limit
    return max(1, int(limit.reset_at - time.time()) + 1) if limit else 60
