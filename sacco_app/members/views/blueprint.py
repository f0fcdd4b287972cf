"""The blueprint of the members room."""

from flask import Blueprint

blueprint = Blueprint("members", __name__, url_prefix="/members")
