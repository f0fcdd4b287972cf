"""Operations of the API room."""

from __future__ import annotations

from typing import Any

from flask import Flask

from sacco_app.api import document, problems, tokens
from sacco_app.api import jobs as _jobs  # noqa: F401 - declares the subscriber and the recurring task
from sacco_app.api.blueprint import blueprint
from sacco_app.api.views import clients, door, me, partners, reference, statements

__all__ = ["clients", "door", "me", "partners", "reference", "register", "statements"]


problems.attach(blueprint)


def register(app: Flask) -> None:
    """Add the room to the application."""
    config: Any = app.extensions["config"]
    derived = ",".join(f"api:{key}" for key in (config.secret_key, *config.secret_key_fallbacks))
    tokens.register(app, config.api_token_keys or derived)
    problems.register(app, "/api")
    document.register(app)
    app.register_blueprint(reference.blueprint)
    app.extensions["csrf"].exempt(blueprint)
