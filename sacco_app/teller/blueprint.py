"""The blueprint of the teller room, shared by its pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("teller", __name__, url_prefix="/teller")
