"""How often one caller may ask: a device, a client, and where nobody is known yet, an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g

from sacco_app.api.guards import ANYBODY, CLIENT_SECRET, MEMBER, Guard
from sacco_app.kernel.actor import Actor
from sacco_app.webkit.limits import limiter

View = Callable[..., Any]
DOOR = "60 per minute;600 per hour"
DEVICE = "120 per minute"
CLIENT = "600 per minute"
REFRESH = "600 per minute"
STATEMENTS = "6 per minute;60 per day"
LOOK_UP = "20 per minute;100 per hour"


def _caller() -> str:
    actor: Actor = g.actor
    if actor.is_member:
        return f"device:{actor.session_id}"
    return f"client:{actor.user_id}" if actor.user_id.int else f"address:{actor.ip}"


def _person() -> str:
    """A member is one caller on all devices: who signs in once more gets no second budget for account numbers."""
    actor: Actor = g.actor
    return f"member:{actor.member_id}" if actor.is_member else _caller()


def paced(view: View, guard: Guard, limit: str | None) -> View:
    """Refuse the caller above the budget that all operations behind one kind of guard share, and the person above `limit`.

    Where no token is asked for, `limit` takes the place of the budget.
    """
    open_to_all = guard in (ANYBODY, CLIENT_SECRET)
    if open_to_all and limit:
        return limiter.limit(limit, key_func=_caller)(view)
    budget = DOOR if open_to_all else DEVICE if guard is MEMBER else CLIENT
    counted = limiter.shared_limit(budget, scope="api", key_func=_caller)(view)
    return limiter.limit(limit, key_func=_person)(counted) if limit else counted
