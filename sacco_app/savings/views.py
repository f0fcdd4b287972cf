"""Pages of the savings room."""

from __future__ import annotations

from flask import Blueprint, Flask

blueprint = Blueprint("savings", __name__)


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
