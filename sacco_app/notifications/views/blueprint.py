"""The blueprint of the notifications room."""

from flask import Blueprint

blueprint = Blueprint("notifications", __name__)
