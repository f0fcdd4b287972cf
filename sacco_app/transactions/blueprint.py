"""The blueprint of the transactions room, shared by its pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("transactions", __name__)
