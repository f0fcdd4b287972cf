"""The blueprints of the notifications room: pages for staff, and callbacks of providers."""

from flask import Blueprint

blueprint = Blueprint("notifications", __name__)
hooks = Blueprint("sms_hooks", __name__, url_prefix="/hooks/sms")
