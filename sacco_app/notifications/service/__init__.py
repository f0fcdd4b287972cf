"""Changes of the notifications room."""

from __future__ import annotations

from sacco_app.notifications.service.delivery import deliver
from sacco_app.notifications.service.fetching import ask_when_due, fetch
from sacco_app.notifications.service.reports import keep_call, read_call
from sacco_app.notifications.service.resending import resend
from sacco_app.notifications.service.sending import release_due, send

__all__ = ["ask_when_due", "deliver", "fetch", "keep_call", "read_call", "release_due", "resend", "send"]
