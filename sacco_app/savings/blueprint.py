"""The blueprint of the savings room, shared by its pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("savings", __name__, url_prefix="/savings")
