"""Reads of the approvals room."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from sacco_app.approvals.models import ApprovalDecision, ApprovalPolicy, ApprovalRequest
from sacco_app.approvals.registry import all_kinds, get_kind
from sacco_app.approvals.types import ApprovalStatus
from sacco_app.kernel import reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.canonical import from_plain
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import Money
from sacco_app.organisation.ports import Check


@dataclass(frozen=True, slots=True)
class Policy:
    """Who must be asked: requests of `kind` from `min_amount_minor` on need `required` decisions of others."""

    kind: str
    maker_role: str | None
    branch_id: UUID | None
    min_amount_minor: int
    required: int


def _load_policies(session: Session) -> tuple[Policy, ...]:
    names = Policy.__dataclass_fields__
    return tuple(Policy(**{n: getattr(row, n) for n in names}) for row in session.scalars(select(ApprovalPolicy)))


def required_approvals(
    session: Session,
    kind: str,
    amount: Money | None,
    roles: Collection[str],
    branch_id: UUID | None,
    earlier: Mapping[int, int] = MappingProxyType({}),
) -> int:
    """How many checkers the command needs; 0 when none. The strictest policy that fits counts.

    A policy for a role replaces the ones for every role: a head teller's limit is above a teller's. `earlier` is what
    went out before and belongs to it, in minor units by how many had agreed: what fewer agreed to than a policy asks
    for counts towards its amount, so that nobody passes below it in parts.
    """
    minor = amount.minor if amount else 0

    def reaches(policy: Policy) -> bool:
        before = sum(part for agreed, part in earlier.items() if agreed < policy.required)
        return minor + before >= policy.min_amount_minor

    fitting = [
        policy
        for policy in reference.get(session, "approvals.policies", _load_policies)
        if policy.kind == kind and (policy.branch_id is None or policy.branch_id == branch_id)
    ]
    own = [policy for policy in fitting if policy.maker_role in roles]
    chosen = own or [policy for policy in fitting if policy.maker_role is None]
    return max((policy.required for policy in chosen if reaches(policy)), default=0)


def agreed_to(command_id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ColumnElement[int]:
    """How many had to agree to what a row with this id did, where a request lends its id to what comes of it; else 0."""
    asked = select(ApprovalRequest.required).where(ApprovalRequest.id == command_id)
    return func.coalesce(asked.scalar_subquery(), 0)


def asked_for(kind: str, payer_id: UUID) -> Select[int, int]:
    """What is to leave a member's accounts by requests of a kind that wait or may be carried out now, whenever they were
    made: how many must agree, and the sum of their amounts in minor units.
    """
    row = ApprovalRequest
    open_ones = row.status.in_((ApprovalStatus.PENDING, ApprovalStatus.APPROVED))
    query = select(row.required, type_coerce(func.sum(row.amount_minor), BigInteger))
    return query.where(row.payer_id == payer_id, row.kind == kind, open_ones).group_by(row.required)


def required_of(session: Session, request_id: UUID) -> int:
    """How many must agree to a request. Raises NotFound."""
    row = session.get(ApprovalRequest, request_id)
    if row is None:
        raise NotFound(what="approval request")
    return row.required


def for_checker(actor: Actor) -> ColumnElement[bool]:
    """The condition for requests that this actor could decide."""
    kinds = [kind.name for kind in all_kinds() if actor.may(kind.permission)]
    decided = select(ApprovalDecision.request_id).where(ApprovalDecision.checker_id == actor.user_id)
    condition = and_(
        ApprovalRequest.status == ApprovalStatus.PENDING,
        ApprovalRequest.kind.in_(kinds),
        ApprovalRequest.maker_id != actor.user_id,
        ApprovalRequest.id.not_in(decided),
    )
    return condition if actor.branch_ids is None else and_(condition, in_scope(actor))


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition for requests of the actor's branches, and the actor's own."""
    own = ApprovalRequest.maker_id == actor.user_id
    if actor.branch_ids is None:
        return or_(own, ApprovalRequest.id.is_not(None))
    return or_(own, ApprovalRequest.branch_id.in_(actor.branch_ids), ApprovalRequest.branch_id.is_(None))


def count_waiting(session: Session, actor: Actor) -> int:
    """How many requests wait for this actor; who may decide nothing is not looked up."""
    if not any(actor.may(kind.permission) for kind in all_kinds()):
        return 0
    return session.scalar(select(func.count()).select_from(ApprovalRequest).where(for_checker(actor))) or 0


def get_request(session: Session, actor: Actor, request_id: UUID) -> ApprovalRequest:
    """One request in the actor's scope. Raises NotFound."""
    query = select(ApprovalRequest).where(ApprovalRequest.id == request_id, in_scope(actor))
    row = session.scalars(query).first()
    if row is None:
        raise NotFound(what="approval request")
    return row


def is_late(request: ApprovalRequest, now: datetime) -> bool:
    """Whether the request has waited too long at this instant; one without an end never has."""
    return request.expires_at is not None and request.expires_at <= now


def command_of(request: ApprovalRequest) -> Any:
    """The command that waits, as its maker gave it."""
    return from_plain(get_kind(request.kind).command, request.command)


_OPEN = (
    select(ApprovalRequest)
    .where(
        ApprovalRequest.maker_id == bindparam("maker"),
        ApprovalRequest.kind == bindparam("of_kind"),
        ApprovalRequest.status.in_((ApprovalStatus.PENDING, ApprovalStatus.APPROVED)),
    )
    .order_by(ApprovalRequest.made_at)
)


def open_requests_of(session: Session, maker_id: UUID, kind: str) -> list[ApprovalRequest]:
    """What a maker waits for or may carry out now."""
    return list(session.scalars(_OPEN, {"maker": maker_id, "of_kind": kind}))


def waiting_for(session: Session, subject_url: str) -> list[ApprovalRequest]:
    """What is asked about one record, or a page below its address, and not decided yet."""
    open_ones = ApprovalRequest.status.in_((ApprovalStatus.PENDING, ApprovalStatus.APPROVED))
    about = or_(ApprovalRequest.subject_url == subject_url, ApprovalRequest.subject_url.startswith(f"{subject_url}/"))
    return list(session.scalars(select(ApprovalRequest).where(about, open_ones).order_by(ApprovalRequest.made_at)))


def status_of(session: Session, request_id: UUID) -> ApprovalStatus:
    """Where a request stands. Raises NotFound."""
    row = session.get(ApprovalRequest, request_id)
    if row is None:
        raise NotFound(what="approval request")
    return ApprovalStatus(row.status)


def decisions(session: Session, request_id: UUID) -> list[ApprovalDecision]:
    """What was decided about a request, the earliest first."""
    query = select(ApprovalDecision).where(ApprovalDecision.request_id == request_id)
    return list(session.scalars(query.order_by(ApprovalDecision.at)))


def carried_over(session: Session, branch_id: UUID, day: date) -> Check:
    """For the close of a day: requests of the branch that wait are decided on the next day."""
    waits = (ApprovalRequest.branch_id == branch_id, ApprovalRequest.status == ApprovalStatus.PENDING)
    count = session.scalar(select(func.count()).where(*waits)) or 0
    note = f"{count} {'request waits and is' if count == 1 else 'requests wait and are'} carried into the next day"
    return Check("Approvals are decided", count == 0, note if count else "", "approvals.list_requests", blocks=False)
