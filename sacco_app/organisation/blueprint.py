"""The blueprint of the room, in a module of its own so that the pages can be split by use case."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("organisation", __name__, url_prefix="/organisation")
