"""Recurring work of the USSD room."""

from __future__ import annotations

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.ussd import service
from sacco_app.webkit.jobs import every


@every(minutes=5)
def end_stale_sessions(session: Session, actor: Actor, clock: Clock) -> None:
    """USSD sessions that fell silent are ended: not every gateway tells when a member hangs up."""
    service.end_stale_sessions(session, clock)
