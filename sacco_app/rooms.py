"""The rooms that the application is made of, from the ground up. Each has `register(app)` in its `views`."""

from __future__ import annotations

from typing import Protocol

from flask import Flask


class Room(Protocol):
    """A module that adds its blueprint, navigation, handlers and subscriptions to the application."""

    def register(self, app: Flask) -> None: ...


ROOMS: tuple[Room, ...] = ()
