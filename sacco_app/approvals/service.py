"""Asking, approving, rejecting, carrying out."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sacco_app.approvals import queries
from sacco_app.approvals.errors import (
    AlreadyDecided,
    CheckerBenefits,
    CheckerEnds,
    DecidedBefore,
    MakerIsChecker,
    NotTheMaker,
    ReasonNeeded,
)
from sacco_app.approvals.events import Decided, Requested
from sacco_app.approvals.models import ApprovalDecision, ApprovalPolicy, ApprovalRequest
from sacco_app.approvals.registry import get_kind
from sacco_app.approvals.types import ApprovalOutcome, ApprovalsPermission, ApprovalStatus, SavePolicy
from sacco_app.kernel import locks, outbox, reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.canonical import to_plain
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound, SaccoError
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.kernel.nudges import EVERYWHERE, branch_room, nudge, user_room
from sacco_app.kernel.uow import savepoint

log = logging.getLogger("sacco.approvals")


def submit(
    session: Session,
    actor: Actor,
    clock: Clock,
    kind_name: str,
    command: Any,
    reason: str = "",
    required: int = 1,
    request_id: UUID | None = None,
) -> UUID:
    """Let a command wait for `required` checkers, or for more where a policy asks for more.

    Its effect is written down; `submitted` holds what must be held.
    """
    kind = get_kind(kind_name)
    told = kind.describe(session, command)
    by_policy = queries.required_approvals(session, kind.name, told.amount, actor.roles, told.branch_id)
    request = ApprovalRequest(
        id=request_id or new_id(),
        kind=kind.name,
        command=to_plain(command),
        summary=told.summary,
        effects=[list(pair) for pair in told.effects],
        subject_url=told.subject_url,
        amount_minor=told.amount.minor if told.amount else None,
        currency=told.amount.currency.code if told.amount else None,
        branch_id=told.branch_id,
        maker_id=actor.user_id,
        maker_name=actor.name,
        beneficiaries=[str(user_id) for user_id in sorted(told.beneficiary_user_ids)],
        payer_id=told.payer_id,
        reason=reason,
        required=max(1, required, by_policy),
        status=ApprovalStatus.PENDING,
        made_at=clock.now(),
        expires_at=clock.now() + kind.life if kind.life else None,
    )
    session.add(request)
    session.flush()
    if kind.submitted is not None:
        kind.submitted(session, actor, clock, command, request.id)
    _tell(session, request)
    outbox.record(session, Requested(request.id))
    return request.id


def _tell(session: Session, request: ApprovalRequest) -> None:
    """Open pages of those who may decide, and of who asked, look again."""
    nudge(session, branch_room(request.branch_id) if request.branch_id else EVERYWHERE, "approvals")
    nudge(session, user_room(request.maker_id), "approvals")


def _locked(session: Session, request_id: UUID) -> ApprovalRequest:
    request = LockRequest(LockRank.APPROVAL, ApprovalRequest, (request_id,))
    return locks.acquire(session, [request]).one(ApprovalRequest, request_id)


def _checked(session: Session, actor: Actor, clock: Clock, request_id: UUID) -> ApprovalRequest:
    """The locked request, if this actor may decide it now."""
    request = _locked(session, request_id)
    actor.require(get_kind(request.kind).permission)
    if request.branch_id is not None:
        actor.require_branch(request.branch_id)
    if request.status != ApprovalStatus.PENDING:
        raise AlreadyDecided(status=request.status)
    if queries.is_late(request, clock.now()):
        raise AlreadyDecided(status=ApprovalStatus.EXPIRED)
    if request.maker_id == actor.user_id:
        raise MakerIsChecker
    if str(actor.user_id) in request.beneficiaries:
        raise CheckerBenefits
    earlier = select(ApprovalDecision.id).where(
        ApprovalDecision.request_id == request_id, ApprovalDecision.checker_id == actor.user_id
    )
    if session.scalar(earlier):
        raise DecidedBefore
    return request


def _decide(session: Session, actor: Actor, clock: Clock, request: ApprovalRequest, decision: str, reason: str) -> int:
    session.add(
        ApprovalDecision(
            request_id=request.id,
            checker_id=actor.user_id,
            checker_name=actor.name,
            decision=decision,
            reason=reason,
            at=clock.now(),
        )
    )
    session.flush()
    approved = select(func.count()).where(
        ApprovalDecision.request_id == request.id, ApprovalDecision.decision == "approve"
    )
    return session.scalar(approved) or 0


def approve(session: Session, actor: Actor, clock: Clock, request_id: UUID, reason: str = "") -> ApprovalOutcome:
    """Say yes. With the last yes the command is carried out, or its maker may carry it out.

    Raises MakerIsChecker, CheckerBenefits, DecidedBefore, AlreadyDecided, and whatever the command itself refuses.
    """
    request = _checked(session, actor, clock, request_id)
    kind = get_kind(request.kind)
    if kind.agreeing is not None:
        kind.agreeing(session, actor, clock, queries.command_of(request), request.id)
    _tell(session, request)
    if _decide(session, actor, clock, request, "approve", reason) < request.required:
        return ApprovalOutcome(ApprovalStatus.PENDING)
    request.status, request.decided_at = ApprovalStatus.APPROVED, clock.now()
    if kind.executed_by_maker:
        outbox.record(session, Decided(request.id, ApprovalStatus.APPROVED.value, actor.user_id))
        return ApprovalOutcome(ApprovalStatus.APPROVED)
    outbox.record(session, Decided(request.id, ApprovalStatus.EXECUTED.value, actor.user_id))
    return ApprovalOutcome(ApprovalStatus.EXECUTED, _carry_out(session, actor, clock, request))


def _carry_out(session: Session, actor: Actor, clock: Clock, request: ApprovalRequest) -> str:
    kind, command = get_kind(request.kind), queries.command_of(request)
    if kind.released is not None:
        kind.released(session, actor, clock, command, request.id)
        session.flush()
    request.status = ApprovalStatus.EXECUTED
    _tell(session, request)
    request.result_ref = kind.execute(session, actor, clock, command, request.id)
    return request.result_ref


def execute(session: Session, actor: Actor, clock: Clock, request_id: UUID) -> str:
    """The maker carries out what was approved. Raises NotTheMaker, AlreadyDecided."""
    request = _locked(session, request_id)
    if request.maker_id != actor.user_id:
        raise NotTheMaker
    if request.status != ApprovalStatus.APPROVED:
        raise AlreadyDecided(status=request.status)
    if queries.is_late(request, clock.now()):
        raise AlreadyDecided(status=ApprovalStatus.EXPIRED)
    return _carry_out(session, actor, clock, request)


def _end(session: Session, actor: Actor, clock: Clock, request: ApprovalRequest, status: ApprovalStatus) -> None:
    request.status, request.decided_at = status, clock.now()
    _tell(session, request)
    outbox.record(session, Decided(request.id, status.value, actor.user_id))
    kind = get_kind(request.kind)
    if kind.released is not None:
        kind.released(session, actor, clock, queries.command_of(request), request.id)
    if kind.refused is not None:
        kind.refused(session, actor, clock, queries.command_of(request), request.id)


def reject(session: Session, actor: Actor, clock: Clock, request_id: UUID, reason: str) -> ApprovalOutcome:
    """Say no, with the reason; one no is enough. What was held is let go."""
    if not reason.strip():
        raise ReasonNeeded
    request = _checked(session, actor, clock, request_id)
    _decide(session, actor, clock, request, "reject", reason)
    _end(session, actor, clock, request, ApprovalStatus.REJECTED)
    return ApprovalOutcome(ApprovalStatus.REJECTED)


def cancel(session: Session, actor: Actor, clock: Clock, request_id: UUID) -> None:
    """The maker takes the request back while it is not carried out. Raises NotTheMaker, CheckerEnds, AlreadyDecided."""
    request = _locked(session, request_id)
    if request.maker_id != actor.user_id:
        raise NotTheMaker
    if get_kind(request.kind).blind:
        raise CheckerEnds
    if request.status not in (ApprovalStatus.PENDING, ApprovalStatus.APPROVED):
        raise AlreadyDecided(status=request.status)
    _end(session, actor, clock, request, ApprovalStatus.CANCELLED)


def expire_due(session: Session, actor: Actor, clock: Clock) -> int:
    """End what has waited too long, each for itself: one that cannot end stays as it is. Returns how many ended."""
    query = select(ApprovalRequest.id).where(
        ApprovalRequest.status.in_((ApprovalStatus.PENDING, ApprovalStatus.APPROVED)),
        ApprovalRequest.expires_at <= clock.now(),
    )
    ended = 0
    for request_id in list(session.scalars(query.order_by(ApprovalRequest.id))):
        try:
            with savepoint(session):
                _end(session, actor, clock, _locked(session, request_id), ApprovalStatus.EXPIRED)
            ended += 1
        except SaccoError as error:
            log.warning("approval request %s cannot end: %s", request_id, error.message)
    return ended


def find_policy(session: Session, command: SavePolicy) -> ApprovalPolicy | None:
    """The policy for the same kind, role, branch and number of checkers."""
    query = select(ApprovalPolicy).where(
        ApprovalPolicy.kind == command.kind,
        ApprovalPolicy.maker_role.is_not_distinct_from(command.maker_role),
        ApprovalPolicy.branch_id.is_not_distinct_from(command.branch_id),
        ApprovalPolicy.required == command.required,
    )
    return session.scalars(query).first()


def save_policy(session: Session, actor: Actor, clock: Clock, command: SavePolicy) -> None:
    """Add a policy, or change the one for the same kind, role and branch: the second person's act."""
    actor.require(ApprovalsPermission.POLICY_EDIT)
    row = find_policy(session, command)
    if row is None:
        session.add(ApprovalPolicy(**to_plain(command) | {"branch_id": command.branch_id}))
    else:
        row.min_amount_minor = command.min_amount_minor
    reference.bump(session)


def remove_policy(session: Session, actor: Actor, clock: Clock, policy_id: UUID) -> None:
    """Take a policy out of force: the second person's act. Raises NotFound."""
    actor.require(ApprovalsPermission.POLICY_EDIT)
    row = session.get(ApprovalPolicy, policy_id)
    if row is None:
        raise NotFound(what="approval policy")
    session.delete(row)
    reference.bump(session)
