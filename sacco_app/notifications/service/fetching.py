"""Asking the provider for incoming texts, where its callbacks cannot reach us."""

from __future__ import annotations

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from sacco_app.kernel import outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.uow import run
from sacco_app.notifications import ports
from sacco_app.notifications.events import FetchDue
from sacco_app.notifications.models import DeliveryReport, ReportOutcome
from sacco_app.notifications.service.reports import keep_call
from sacco_app.notifications.types import Call, CallKind


def ask_when_due(session: Session) -> None:
    """Say that it is time to ask, if somebody is to be asked at all."""
    who = ports.fetcher()
    if who is None:
        return
    newest = (
        select(func.max(cast(ReportOutcome.provider_id, BigInteger)))
        .join(DeliveryReport, DeliveryReport.id == ReportOutcome.report_id)
        .where(DeliveryReport.kind == CallKind.FETCHED, DeliveryReport.provider == who.name)
        .where(ReportOutcome.provider_id.regexp_match("^[0-9]{1,18}$"))
    )
    outbox.record(session, FetchDue(session.scalar(newest) or 0))


def fetch(clock: Clock, after: int) -> None:
    """Ask, and keep the answer as if it had been called in. Opens its own transaction after the call."""
    who = ports.fetcher()
    if who is None:
        return
    body = who.fetch(after)
    reader = ports.reader(who.name)
    if reader is None or not reader.fetched(body):
        return
    call = Call(who.name, CallKind.FETCHED, "application/json", body, {}, "")
    run(Actor.system("SMS provider", channel="worker"), clock, lambda session: keep_call(session, clock, call))
