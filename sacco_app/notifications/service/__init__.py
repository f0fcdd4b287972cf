"""Changes of the notifications room."""

from __future__ import annotations

from sacco_app.notifications.service.delivery import deliver, settle_left_behind
from sacco_app.notifications.service.fetching import ask_when_due, fetch
from sacco_app.notifications.service.inbox import open_item, read_all, settle, tell
from sacco_app.notifications.service.preferences import opt_in, opt_out, save_wishes
from sacco_app.notifications.service.push import subscribe, unsubscribe, wake
from sacco_app.notifications.service.reports import keep_call, read_call
from sacco_app.notifications.service.resending import resend
from sacco_app.notifications.service.sending import release_due, send
from sacco_app.notifications.service.templates import save_template

__all__ = [
    "ask_when_due",
    "deliver",
    "fetch",
    "keep_call",
    "open_item",
    "opt_in",
    "opt_out",
    "read_all",
    "read_call",
    "release_due",
    "resend",
    "save_template",
    "save_wishes",
    "send",
    "settle",
    "settle_left_behind",
    "subscribe",
    "tell",
    "unsubscribe",
    "wake",
]
