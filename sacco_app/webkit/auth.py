"""Who may enter. Every view names its permission with `@requires`, or says with `@public` or `@signed_in` that it needs none.

Views that are not for staff name another door with `@guarded`: a member's token, a partner's. A test walks the URL map
and fails on a view that says nothing; `enforce` refuses such a view at run time as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import current_app, g, request

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotPermitted

F = TypeVar("F", bound=Callable[..., object])
PUBLIC = "public"
SIGNED_IN = "signed-in"


def requires(*permissions: str) -> Callable[[F], F]:
    """The view is for those who hold at least one of the permissions."""

    def mark(view: F) -> F:
        view.required_permissions = tuple(str(permission) for permission in permissions)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: F) -> F:
    """Anybody may see it: sign-in, health, the receipt check page."""
    view.required_permissions = (PUBLIC,)  # type: ignore[attr-defined]
    return view


def signed_in(view: F) -> F:
    """Every member of staff who is signed in may see it: own password, own sessions, the start page."""
    view.required_permissions = (SIGNED_IN,)  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True, slots=True)
class Door:
    """Another way in than the staff's sign-in. `check` lets the request in, with its actor in `g`, or raises.

    `name` stands where a permission would, `who` says in a word who comes through. No cookie is read at such a door.
    """

    name: str
    who: str
    check: Callable[[], None]


def guarded(door: Door) -> Callable[[F], F]:
    """The view stands behind a door of its own."""

    def mark(view: F) -> F:
        view.required_permissions = (door.name,)  # type: ignore[attr-defined]
        view.door = door  # type: ignore[attr-defined]
        return view

    return mark


def door_of(endpoint: str | None) -> Door | None:
    """The door of a view that is not for staff; None for all others."""
    return getattr(current_app.view_functions.get(endpoint or ""), "door", None)


def required_permissions(endpoint: str) -> tuple[str, ...] | None:
    """What an endpoint demands; None if its view does not say."""
    if endpoint == "static":
        return (PUBLIC,)
    view = current_app.view_functions.get(endpoint)
    return getattr(view, "required_permissions", None)


def may_open(actor: Actor | None, endpoint: str) -> bool:
    """True when the actor would be let in: navigation shows nothing that will be refused."""
    needed = required_permissions(endpoint)
    if needed is None:
        return False
    if PUBLIC in needed:
        return True
    return actor is not None and (SIGNED_IN in needed or any(actor.may(permission) for permission in needed))


class SignInNeeded(NotPermitted):
    """Nobody is signed in."""

    code = "access.sign_in_needed"
    template = "Sign in first"


def enforce() -> None:
    """Before every request: deny by default. The access room has put the actor into `g` before."""
    if request.endpoint is None:
        return
    door = door_of(request.endpoint)
    if door is not None:
        door.check()
        return
    actor: Actor | None = g.get("actor")
    if may_open(actor, request.endpoint):
        return
    raise SignInNeeded if actor is None else NotPermitted(endpoint=request.endpoint)


def current_actor() -> Actor:
    """The signed-in actor of this request. Raises SignInNeeded."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise SignInNeeded
    return actor


def current_clock() -> Clock:
    """The application's clock."""
    clock: Clock = current_app.extensions["clock"]
    return clock
