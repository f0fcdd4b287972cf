"""What gateways say later. Raw first, read afterwards; a report that fits no message waits for it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel.clock import Clock
from sacco_app.notifications import rules
from sacco_app.notifications.models import MessageRow, ReportOutcome
from sacco_app.notifications.types import Report, ReportState

APPLIED, UNMATCHED, NOTHING_NEW = "applied", "unmatched", "nothing_new"


def move(row: MessageRow, clock: Clock, report: Report) -> str:
    """Move a locked message on as the report says. Returns what came of it."""
    wanted = rules.after_report(row.status, report.state)
    if wanted is None:
        return NOTHING_NEW
    row.status = wanted
    if report.final:
        row.finished_at = clock.now()
    if report.state is ReportState.FAILED:
        row.error = report.code[:300]
    return APPLIED


def apply_unmatched(session: Session, clock: Clock, row: MessageRow) -> None:
    """Reports can overtake the answer to the sending: those that named this provider id are read now."""
    if not row.provider_id:
        return
    query = select(ReportOutcome).where(
        ReportOutcome.provider_id == row.provider_id, ReportOutcome.message_id.is_(None)
    )
    for waiting in session.scalars(query.order_by(ReportOutcome.at)):
        report = Report(waiting.provider_id, ReportState(waiting.state), waiting.code, waiting.recipient)
        waiting.message_id, waiting.outcome = row.id, move(row, clock, report)
