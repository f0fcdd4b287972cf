"""Changes of the operations room: a failed delivery is tried again."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel import audit, deliveries
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.operations.errors import NothingToRetry
from sacco_app.operations.types import OperationsPermission


def retry_jobs(session: Session, actor: Actor, clock: Clock, delivery_ids: Iterable[UUID]) -> int:
    """Hand failed deliveries over again. Returns how many. Raises NothingToRetry when none of them has failed."""
    actor.require(OperationsPermission.JOB_RETRY)
    retried = [one for one in delivery_ids if deliveries.retry(session, one, clock.now())]
    if not retried:
        raise NothingToRetry
    for delivery_id in retried:
        audit.record(session, "operations.job_retried", ("outbox_deliveries", delivery_id))
    return len(retried)
