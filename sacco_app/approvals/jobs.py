"""Who hears of what waits: a line in the inbox of each who may decide, and of who asked once it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.access.types import UserFacts
from sacco_app.approvals import service
from sacco_app.approvals.events import Decided, Requested
from sacco_app.approvals.models import ApprovalRequest
from sacco_app.approvals.registry import get_kind
from sacco_app.approvals.types import ApprovalStatus
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.notifications import queries as notification_queries
from sacco_app.notifications import service as notifications
from sacco_app.notifications.types import Channel, Message, Note
from sacco_app.webkit.jobs import every, subscriber

TOPIC = "approvals"
WORDS = {
    ApprovalStatus.APPROVED: "Approved, carry it out: {summary}",
    ApprovalStatus.EXECUTED: "Approved and done: {summary}",
    ApprovalStatus.REJECTED: "Rejected: {summary}",
    ApprovalStatus.EXPIRED: "Nobody decided in time: {summary}",
}


def checkers(session: Session, request: ApprovalRequest) -> list[UserFacts]:
    """Those who may decide the request: with the permission, in the branch, neither its maker nor whom it benefits."""
    apart = {str(request.maker_id), *request.beneficiaries}
    able = access.users_who_may(session, get_kind(request.kind).permission)
    return [
        user
        for user in able
        if str(user.id) not in apart
        and (request.branch_id is None or access.actor_of(session, user.id).sees_branch(request.branch_id))
    ]


@subscriber(Requested.topic)
def tell_checkers(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """Everybody who may decide finds it in the inbox; who wants it so, in the mail too."""
    request = session.get_one(ApprovalRequest, UUID(payload["request_id"]))
    if request.status != ApprovalStatus.PENDING:
        return
    able = checkers(session, request)
    note = Note(
        UUID(payload["event_id"]),
        tuple(user.id for user in able),
        TOPIC,
        request.summary,
        f"/approvals/{request.id}",
        "Something waits for your decision",
        f"Asked by {request.maker_name}{f': {request.reason}' if request.reason else ''}",
        f"approval:{request.id}",
    )
    notifications.tell(session, clock, note)
    for user in able:
        if notification_queries.wanted_by(session, Channel.EMAIL, TOPIC, user_id=user.id, default=False):
            notifications.send(session, clock, _letter(payload, request, user))


def _letter(payload: Mapping[str, Any], request: ApprovalRequest, user: UserFacts) -> Message:
    """Mail leaves the house: it says what kind of thing waits, not whose money and how much."""
    link = f"{current_app.extensions['config'].public_url}/approvals/{request.id}"
    values = {"user": user.name, "maker": request.maker_name, "what": get_kind(request.kind).title, "link": link}
    return Message(
        "APPROVAL_ASKED", UUID(payload["event_id"]), user.email, values, user_id=user.id, branch_id=user.branch_id
    )


@subscriber(Decided.topic)
def tell_maker(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """Who asked learns what became of it; nobody else needs to look any more."""
    request = session.get_one(ApprovalRequest, UUID(payload["request_id"]))
    notifications.settle(session, clock, f"approval:{request.id}")
    words = WORDS.get(ApprovalStatus(payload["status"]))
    if words is None or UUID(payload["by"]) == request.maker_id or not access.is_staff(session, request.maker_id):
        return
    note = Note(
        UUID(payload["event_id"]),
        (request.maker_id,),
        TOPIC,
        words.format(summary=request.summary),
        f"/approvals/{request.id}",
        "What you asked for is decided",
    )
    notifications.tell(session, clock, note)


@every(minutes=5)
def end_what_waited_too_long(session: Session, actor: Actor, clock: Clock) -> None:
    """What nobody decided in time ends: amounts that were held are let go, applications fall back."""
    service.expire_due(session, actor, clock)
