"""Refusals of the USSD room."""

from __future__ import annotations

from sacco_app.kernel.errors import ExternalFailure, InvalidInput, NotPermitted


class EventUnreadable(InvalidInput):
    """The call lacks what names the session or the telephone."""

    code = "ussd.event_unreadable"
    template = "The call cannot be read: {why}"


class NotOurs(NotPermitted):
    """The call is meant for somebody else, or comes from an address that is not the gateway's."""

    code = "ussd.not_ours"
    template = "This call is not for us"


class SessionsLost(ExternalFailure):
    """The store of sessions does not answer."""

    code = "ussd.sessions_lost"
    template = "The store of USSD sessions does not answer"


class SessionBusy(ExternalFailure):
    """Another hop of the same session is still being answered."""

    code = "ussd.session_busy"
    template = "Another hop of this session is still being answered"
