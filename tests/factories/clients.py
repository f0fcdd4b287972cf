"""Programs of partners, for tests."""

from __future__ import annotations

from sacco_app.access import service
from sacco_app.access.types import CreateClient, NewSecret, RotateSecret, SaveClient
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import FixedClock
from sacco_app.kernel.uow import transaction


def make_client(clock: FixedClock, maker: Actor, command: SaveClient) -> NewSecret:
    """A program that two people let in; its secret was shown to the maker."""
    with transaction(Actor.system(), clock) as inner:
        client_id = service.create_client(inner, Actor.system(), clock, CreateClient(command, maker.user_id))
    with transaction(maker, clock) as inner:
        return service.show_secret(inner, maker, clock, client_id)


def rotate_secret(clock: FixedClock, maker: Actor, new: NewSecret) -> NewSecret:
    """One more secret of the program, shown to the maker."""
    with transaction(Actor.system(), clock) as inner:
        service.rotate_secret(inner, Actor.system(), clock, RotateSecret(new.id, maker.user_id))
    with transaction(maker, clock) as inner:
        return service.show_secret(inner, maker, clock, new.id)


__all__ = ["make_client", "rotate_secret"]
