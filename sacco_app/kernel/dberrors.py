"""Database refusals said in the words of the house. Rooms register their constraint names."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from sacco_app.kernel.errors import Conflict, SaccoError

_BY_CONSTRAINT: dict[str, Callable[[], SaccoError]] = {}


def register_constraint(name: str, error: Callable[[], SaccoError]) -> None:
    """Say which error a violated constraint (or a trigger's CONSTRAINT name) means."""
    _BY_CONSTRAINT[name] = error


def translate(error: DBAPIError) -> Exception:
    """The domain error behind a database error; the database error itself where nobody registered it."""
    diagnostics = getattr(error.orig, "diag", None)
    name = getattr(diagnostics, "constraint_name", None)
    if name in _BY_CONSTRAINT:
        return _BY_CONSTRAINT[name]()
    if getattr(error.orig, "pgcode", None) == "55P03":
        return Conflict()
    return error
