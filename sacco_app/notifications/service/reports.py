"""What providers tell us later. Stored raw at once, read by a job; a report that fits no message waits for it."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sacco_app.kernel import appends, outbox
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.notifications import ports, rules
from sacco_app.notifications.events import Reported
from sacco_app.notifications.models import DeliveryReport, MessageRow, ReportOutcome
from sacco_app.notifications.service.preferences import opt_in, opt_out
from sacco_app.notifications.types import Call, CallKind, Channel, Report, ReportState, Status

log = logging.getLogger("sacco.messages")
APPLIED, UNMATCHED, NOTHING_NEW = "applied", "unmatched", "nothing_new"
READ, STOPPED, STARTED = "read", "stopped", "started"
ADOPTED_WITHIN = timedelta(days=3)
STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "QUIT", "END", "LEKA", "ACHA"}
START_WORDS = {"START", "UNSTOP", "SUBSCRIBE", "TANDIKA", "ANZA"}


def keep_call(session: Session, clock: Clock, call: Call) -> UUID:
    """Store what a provider called us with, as it arrived, to be read by a job. Returns its id."""
    report_id = new_id()
    appends.append(
        session,
        DeliveryReport,
        id=report_id,
        provider=call.provider[:20],
        kind=call.kind.value,
        content_type=call.content_type[:100],
        body=call.body,
        headers=dict(call.headers),
        ip=call.ip[:45],
        sha256=hashlib.sha256(call.body).hexdigest(),
        received_at=clock.now(),
    )
    outbox.record(session, Reported(report_id))
    return report_id


def read_call(session: Session, clock: Clock, report_id: UUID) -> None:
    """Understand a stored call and act on it. What cannot be understood stays, with no outcome."""
    raw = session.get_one(DeliveryReport, report_id)
    reader = ports.reader(raw.provider)
    if reader is None:
        return
    if raw.kind == CallKind.REPORT:
        for position, report in enumerate(reader.reports(raw.body)):
            _read_report(session, clock, raw, position, report)
    elif raw.kind == CallKind.OPT_OUT:
        for position, number in enumerate(reader.opt_outs(raw.body)):
            opt_out(session, clock, Channel.SMS, number, "told by the provider")
            _note(session, clock, raw, position, Report("", ReportState.PENDING, "opted out", number), STOPPED, None)
    else:
        read = reader.fetched if raw.kind == CallKind.FETCHED else reader.inbound
        for position, text in enumerate(read(raw.body)):
            _read_text(session, clock, raw, position, text)


def _read_report(session: Session, clock: Clock, raw: DeliveryReport, position: int, report: Report) -> None:
    meet(session, report.provider_id)
    row = _message_of(session, raw.provider, report) or _adopt(session, clock, raw.provider, report)
    if report.state is ReportState.PENDING:
        log.warning("%s reports a state that we do not know: %s", raw.provider, report.code)
    outcome = move(row, clock, report) if row is not None else UNMATCHED
    _note(session, clock, raw, position, report, outcome, row.id if row is not None else None)


def meet(session: Session, provider_id: str) -> None:
    """A report and the answer to the sending may come at the same moment: one of them sees what the other wrote.

    Taken before any row, so that the two cannot wait for each other.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(provider_id))))


def _message_of(session: Session, provider: str, report: Report) -> MessageRow | None:
    query = select(MessageRow).where(
        MessageRow.provider_id == report.provider_id, MessageRow.provider == provider, MessageRow.provider_id != ""
    )
    return session.scalars(query.with_for_update()).first()


def _adopt(session: Session, clock: Clock, provider: str, report: Report) -> MessageRow | None:
    """The message of unknown fate that this report must mean: the only one to this number, and none is being sent now."""
    query = select(MessageRow).where(
        MessageRow.recipient == report.to,
        MessageRow.provider == provider,
        MessageRow.provider_id == "",
        MessageRow.status.in_((Status.UNKNOWN, Status.SENDING)),
        MessageRow.created_at > clock.now() - ADOPTED_WITHIN,
    )
    found = session.scalars(query.with_for_update()).all() if report.to else []
    if len(found) != 1 or found[0].status != Status.UNKNOWN:
        return None
    found[0].provider_id = report.provider_id[:80]
    return found[0]


def _note(
    session: Session,
    clock: Clock,
    raw: DeliveryReport,
    position: int,
    report: Report,
    outcome: str,
    message_id: UUID | None,
) -> None:
    session.add(
        ReportOutcome(
            report_id=raw.id,
            position=position,
            message_id=message_id,
            provider_id=report.provider_id[:80],
            recipient=report.to[:120],
            state=report.state.value,
            code=report.code[:80],
            outcome=outcome,
            at=clock.now(),
        )
    )


def _read_text(session: Session, clock: Clock, raw: DeliveryReport, position: int, text: ports.Inbound) -> None:
    """A text of a member: STOP and START are obeyed, anything else is only shown."""
    word, outcome = text.text.strip().upper().rstrip(".!"), READ
    if word in STOP_WORDS:
        opt_out(session, clock, Channel.SMS, text.sender, "STOP by SMS")
        outcome = STOPPED
    elif word in START_WORDS:
        opt_in(session, Channel.SMS, text.sender)
        outcome = STARTED
    report = Report(text.provider_id, ReportState.PENDING, text.text, text.sender)
    _note(session, clock, raw, position, report, outcome, None)


def move(row: MessageRow, clock: Clock, report: Report) -> str:
    """Move a locked message on as the report says. Returns what came of it."""
    wanted = rules.after_report(row.status, report.state)
    if wanted is None:
        return NOTHING_NEW
    row.status = wanted
    row.error = report.code[:300] if report.state is ReportState.FAILED else ""
    if report.final:
        row.finished_at = clock.now()
    return APPLIED


def apply_unmatched(session: Session, clock: Clock, row: MessageRow) -> None:
    """Reports can overtake the answer to the sending: those that named this provider id are read now."""
    if not row.provider_id:
        return
    query = select(ReportOutcome).where(
        ReportOutcome.provider_id == row.provider_id, ReportOutcome.outcome == UNMATCHED
    )
    for waiting in session.scalars(query.order_by(ReportOutcome.at)):
        report = Report(waiting.provider_id, ReportState(waiting.state), waiting.code, waiting.recipient)
        waiting.message_id, waiting.outcome = row.id, move(row, clock, report)
