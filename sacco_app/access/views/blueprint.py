"""The blueprint of the access room."""

from flask import Blueprint

blueprint = Blueprint("access", __name__)
