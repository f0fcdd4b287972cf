"""Changes of the notifications room."""

from __future__ import annotations

from sacco_app.notifications.service.delivery import deliver
from sacco_app.notifications.service.resending import resend
from sacco_app.notifications.service.sending import release_due, send

__all__ = ["deliver", "release_due", "resend", "send"]
