"""Words of the approvals room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.money import Money

C = TypeVar("C")
Hook = Callable[[Session, Actor, Clock, C, UUID], Any]


class ApprovalsPermission(StrEnum):
    REQUEST_VIEW = "approvals:request:view"
    POLICY_EDIT = "approvals:policy:edit"


class ApprovalStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    EXECUTED = "executed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Description:
    """What a checker is shown: the effect in words and figures, and whom it benefits.

    `payer_id` is the member whose accounts the amount is to leave, where it counts with what else leaves them.
    """

    summary: str
    branch_id: UUID | None
    amount: Money | None = None
    effects: tuple[tuple[str, str], ...] = ()
    subject_url: str | None = None
    beneficiary_user_ids: frozenset[UUID] = frozenset()
    payer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a checker looks for; while something `needed` is not `done` the request is not carried out."""

    label: str
    done: bool
    needed: bool = True


@dataclass(frozen=True, slots=True)
class CommandKind(Generic[C]):
    """A kind of command that can wait. `permission` is what a checker must hold.

    `execute` does it and returns a URL or reference. `submitted` and `released` run when the waiting begins and ends
    (to hold an amount and let it go); `refused` runs after `released` when it ended without being carried out;
    `agreeing` runs at every yes, also one that is not the last, and what it raises refuses that yes. With
    `executed_by_maker` the approval only allows; the maker carries it out. `papers` gives the files that were handed in
    with the request: name and address; `checks` what must be there, as it is when the page is read. After `life` it ends
    by itself; without one it waits until somebody decides. With `by_policy` a policy says from which amount on it waits and for how many; without, it always waits for
    one, and a policy may ask for more. `blind` keeps effects and amount from its maker, who counted
    without the book, until it is done; the maker does not take it back. Its summary names no figure.
    """

    name: str
    title: str
    command: type[C]
    permission: str
    describe: Callable[[Session, C], Description]
    execute: Callable[[Session, Actor, Clock, C, UUID], str]
    submitted: Hook[C] | None = None
    released: Hook[C] | None = None
    refused: Hook[C] | None = None
    agreeing: Hook[C] | None = None
    executed_by_maker: bool = False
    papers: Callable[[Session, UUID], list[tuple[str, str]]] | None = None
    checks: Callable[[Session, Clock, C], list[Check]] | None = None
    life: timedelta | None = timedelta(hours=24)
    by_policy: bool = False
    blind: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalOutcome:
    """Where the request stands after a decision; `result_ref` once it is carried out."""

    status: ApprovalStatus
    result_ref: str | None = None


@dataclass(frozen=True, slots=True)
class SavePolicy:
    """From which amount on how many checkers a kind of command needs, for one maker's role or every role."""

    kind: str
    min_amount_minor: int
    required: int
    maker_role: str | None = None
    branch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RemovePolicy:
    """A policy that shall no longer be in force."""

    policy_id: UUID
