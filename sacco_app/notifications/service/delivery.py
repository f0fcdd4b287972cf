"""Handing a message to its gateway: claim, call, result, each in its own transaction.

A message is never sent twice by machine. What was found in `sending` was being sent by a worker that died or still
works: a gateway that knows our ids gets it again, any other leaves it `unknown` for a person to decide (ADR 7).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.deliveries import BACKOFF_SECONDS
from sacco_app.kernel.uow import run
from sacco_app.notifications import ports
from sacco_app.notifications.errors import GatewayBusy, StillSending
from sacco_app.notifications.events import Queued
from sacco_app.notifications.models import MessageRow
from sacco_app.notifications.service.reports import apply_unmatched, meet
from sacco_app.notifications.types import Channel, Claimed, Outgoing, SendResult, SendState, Status

SENDING_LEASE = timedelta(seconds=60)
LEFT_BEHIND = timedelta(minutes=10)
MAX_ATTEMPTS = len(BACKOFF_SECONDS) + 1
LOST = "The connection was lost while it was being sent: nobody can say whether it went out"


def deliver(clock: Clock, message_id: UUID) -> None:
    """Send one message if it waits. Opens its own transactions around the call.

    Raises GatewayBusy when nothing went out and it is worth another try, StillSending when another worker holds it.
    """
    system = Actor.system("System", channel="worker")
    claimed = run(system, clock, lambda session: _claim(session, clock, message_id))
    if claimed is None:
        return
    carrier = ports.gateway(claimed.channel)
    result = carrier.send([claimed.outgoing])[0]
    run(system, clock, lambda session: _record(session, clock, carrier.name, result))
    if result.state is SendState.LATER and claimed.attempts < MAX_ATTEMPTS:
        raise GatewayBusy(why=result.code)


def _claim(session: Session, clock: Clock, message_id: UUID) -> Claimed | None:
    row = session.scalars(select(MessageRow).where(MessageRow.id == message_id).with_for_update()).first()
    if row is None or row.status not in (Status.QUEUED, Status.SENDING):
        return None
    now, carrier = clock.now(), ports.gateway(Channel(row.channel))
    if row.status == Status.SENDING and not carrier.idempotent:
        if row.sending_at is not None and row.sending_at + SENDING_LEASE > now:
            raise StillSending
        row.status, row.error, row.sealed = Status.UNKNOWN, LOST, None
        return None
    row.status, row.sending_at, row.attempts = Status.SENDING, now, row.attempts + 1
    row.provider = carrier.name
    text = row.sealed or row.body
    return Claimed(
        Outgoing(row.id, row.recipient, text, row.subject, row.attachment_id), Channel(row.channel), row.attempts
    )


def _record(session: Session, clock: Clock, provider: str, result: SendResult) -> None:
    """Write down what the gateway said; a report that came before it is applied now."""
    meet(session, result.provider_id)
    row = session.scalars(select(MessageRow).where(MessageRow.id == result.our_id).with_for_update()).one()
    if row.status != Status.SENDING:
        return
    row.error = result.code[:300]
    row.cost, row.cost_currency = result.cost, result.currency
    if result.state is SendState.LATER and row.attempts < MAX_ATTEMPTS:
        row.status = Status.QUEUED
        return
    row.sealed, row.finished_at = None, clock.now()
    if result.state is SendState.UNKNOWN:
        row.status, row.error = Status.UNKNOWN, (result.code or LOST)[:300]
    elif result.state is SendState.ACCEPTED:
        row.status, row.provider_id, row.error = Status.ACCEPTED, result.provider_id[:80], ""
        session.flush()
        apply_unmatched(session, clock, row)
    else:
        row.status = Status.FAILED


def settle_left_behind(session: Session, clock: Clock) -> int:
    """Judge what stands in `sending` though its job is long over. Returns how many."""
    query = select(MessageRow).where(
        MessageRow.status == Status.SENDING, MessageRow.sending_at < clock.now() - LEFT_BEHIND
    )
    rows = session.scalars(query.with_for_update(skip_locked=True)).all()
    for row in rows:
        if ports.gateway(Channel(row.channel)).idempotent:
            row.status = Status.QUEUED
            outbox.record(session, Queued(row.id))
        else:
            row.status, row.error, row.sealed = Status.UNKNOWN, LOST, None
    return len(rows)
