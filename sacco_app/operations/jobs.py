"""Housekeeping of the operations room."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.deliveries import Delivery
from sacco_app.kernel.outbox import OutboxEvent
from sacco_app.webkit.jobs import every

KEPT = timedelta(days=90)
AT_ONCE = 20_000


@every(hours=6)
def forget_what_is_long_done(session: Session, actor: Actor, clock: Clock) -> None:
    """Jobs and events that were done 90 days ago are deleted. The journal, the transactions and the log remain."""
    limit = clock.now() - KEPT
    done = select(Delivery.id).where(Delivery.done_at < limit).limit(AT_ONCE)
    session.execute(delete(Delivery).where(Delivery.id.in_(done)).execution_options(synchronize_session=False))
    heard = select(Delivery.event_id).where(Delivery.event_id == OutboxEvent.id).exists()
    events = select(OutboxEvent.id).where(OutboxEvent.sent_at < limit, ~heard).limit(AT_ONCE)
    session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_(events)).execution_options(synchronize_session=False))
