"""Policies are commands that wait themselves: whoever could loosen them alone would need no second person for anything."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import queries, service
from sacco_app.approvals.errors import PolicyWaits
from sacco_app.approvals.models import ApprovalPolicy
from sacco_app.approvals.registry import all_kinds, register_kind
from sacco_app.approvals.types import ApprovalsPermission, CommandKind, Description, RemovePolicy, SavePolicy
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import Money
from sacco_app.organisation import queries as organisation

SAVE = "approvals.save-policy"
REMOVE = "approvals.remove-policy"
URL = "/approvals/policies"


def ask_save(session: Session, actor: Actor, clock: Clock, command: SavePolicy) -> UUID:
    """Ask for a policy, or for another amount of one. Raises PolicyWaits."""
    actor.require(ApprovalsPermission.POLICY_EDIT)
    return _ask(session, actor, clock, SAVE, command)


def ask_remove(session: Session, actor: Actor, clock: Clock, policy_id: UUID) -> UUID:
    """Ask that a policy ends. Raises PolicyWaits, NotFound."""
    actor.require(ApprovalsPermission.POLICY_EDIT)
    if session.get(ApprovalPolicy, policy_id) is None:
        raise NotFound(what="approval policy")
    return _ask(session, actor, clock, REMOVE, RemovePolicy(policy_id))


def _ask(session: Session, actor: Actor, clock: Clock, kind: str, command: SavePolicy | RemovePolicy) -> UUID:
    if queries.waiting_for(session, URL):
        raise PolicyWaits
    return service.submit(session, actor, clock, kind, command)


def _effects(session: Session, policy: SavePolicy | ApprovalPolicy) -> list[tuple[str, str]]:
    titles = {kind.name: kind.title for kind in all_kinds()}
    branch = organisation.get_branch(session, policy.branch_id).name if policy.branch_id else "all branches"
    currency = organisation.get_profile(session).currency
    return [
        ("For", titles.get(policy.kind, policy.kind)),
        ("Asked by", (policy.maker_role or "everybody").replace("_", " ")),
        ("Branch", branch),
        ("From", Money(policy.min_amount_minor, currency).format(with_code=True)),
        ("Checkers", str(policy.required)),
    ]


def describe_save(session: Session, command: SavePolicy) -> Description:
    """The policy as it will be, and the amount that it has now."""
    effects = _effects(session, command)
    present = service.find_policy(session, command)
    if present is not None:
        before = Money(present.min_amount_minor, organisation.get_profile(session).currency)
        effects[3] = ("From", f"{before.format(with_code=True)} → {effects[3][1]}")
    return Description(f"Approval policy for {effects[0][1]}", command.branch_id, None, tuple(effects), URL)


def describe_remove(session: Session, command: RemovePolicy) -> Description:
    """The policy that ends."""
    row = session.get_one(ApprovalPolicy, command.policy_id)
    effects = (*_effects(session, row), ("Afterwards", "it is no longer in force"))
    return Description(f"Remove the approval policy for {effects[0][1]}", row.branch_id, None, effects, URL)


def execute_save(session: Session, actor: Actor, clock: Clock, command: SavePolicy, request_id: UUID) -> str:
    service.save_policy(session, actor, clock, command)
    return URL


def execute_remove(session: Session, actor: Actor, clock: Clock, command: RemovePolicy, request_id: UUID) -> str:
    service.remove_policy(session, actor, clock, command.policy_id)
    return URL


def register() -> None:
    """Make both kinds known."""
    right = ApprovalsPermission.POLICY_EDIT
    for name, title, command, describe, execute in (
        (SAVE, "Approval policy", SavePolicy, describe_save, execute_save),
        (REMOVE, "Removal of an approval policy", RemovePolicy, describe_remove, execute_remove),
    ):
        register_kind(CommandKind(name, title, command, right, describe, execute))  # type: ignore[arg-type]
