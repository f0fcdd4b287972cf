"""Taking a transaction back by reversal, with a second person."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import queries as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.transactions import queries
from sacco_app.transactions.errors import AlreadyReversed, NotReversible, ReversalWaits
from sacco_app.transactions.models import Transaction
from sacco_app.transactions.types import (
    TITLES,
    Original,
    RequestReversal,
    TransactionFacts,
    TransactionKind,
    TransactionsPermission,
)

Reverser = Callable[[Session, Actor, Clock, Original, RequestReversal, UUID], TransactionFacts]
Guard = Callable[[Session, Original], None]
OwnerOf = Callable[[Session, UUID], UUID | None]
_reversers: dict[str, Reverser] = {}
_guards: dict[str, Guard] = {}
_owners: list[OwnerOf] = []
REVERSE = "transactions.reverse"


def register_reverser(kind: TransactionKind, reverser: Reverser, guard: Guard | None = None) -> None:
    """The room that moves the money of a kind says how it is moved back.

    The guard raises NotReversible when it cannot be moved back any more, so that nobody asks in vain.
    """
    _reversers[kind] = reverser
    if guard:
        _guards[kind] = guard


def register_owner(owner_of: OwnerOf) -> None:
    """The room that keeps accounts says whose an account is, or None when it is not one of its own."""
    if owner_of not in _owners:
        _owners.append(owner_of)


def has_reverser(kind: str) -> bool:
    """Whether transactions of this kind are taken back here."""
    return kind in _reversers


def describe_reversal(session: Session, command: RequestReversal) -> Description:
    """What the approver of a reversal is shown."""
    row = session.get_one(Transaction, command.transaction_id)
    amount = Money(row.amount_minor, CURRENCIES[row.currency])
    effects = (
        ("Transaction", row.number),
        ("Kind", TITLES[TransactionKind(row.kind)]),
        ("Member", row.member_name),
        ("Account", row.account_number),
        ("Amount", str(amount)),
        ("Fee given back", str(Money(row.fee_minor, amount.currency))),
        ("Duty given back", str(Money(row.duty_minor, amount.currency))),
        ("Reason", command.reason),
    )
    summary = f"Reverse {row.number}"
    theirs = frozenset({row.maker_id, *_owners_users(session, row)})
    return Description(summary, row.branch_id, amount, effects, f"/transactions/{row.id}", theirs)


def _owners_users(session: Session, row: Transaction) -> set[UUID]:
    """Staff who are the member of the transaction, or whose account is on its other side."""
    other = row.other_account_id
    owners = {row.member_id, *(owner_of(session, other) for owner_of in _owners if other)} - {None}
    return {user_id for owner in owners if owner for user_id in access.users_of_member(session, owner)}


def check_reversible(session: Session, actor: Actor, transaction_id: UUID) -> Transaction:
    """The transaction, if it may be reversed. Raises AlreadyReversed, NotReversible, ReversalWaits."""
    actor.require(TransactionsPermission.TRANSACTION_REVERSE)
    row = queries.get_row(session, actor, transaction_id)
    if row.kind not in _reversers:
        raise NotReversible(kind=row.kind.replace("_", " "), why="it is corrected where it was made")
    if queries.reversal_of(session, transaction_id) is not None:
        raise AlreadyReversed
    if any(asked.kind == REVERSE for asked in approvals.waiting_for(session, f"/transactions/{row.id}")):
        raise ReversalWaits
    check_guard(session, row)
    return row


def check_guard(session: Session, row: Transaction) -> None:
    """Ask the room that moved the money whether it can still be moved back. Raises NotReversible."""
    guard = _guards.get(row.kind)
    if guard:
        guard(session, _original(row))


def execute_reversal(session: Session, actor: Actor, clock: Clock, command: RequestReversal, request_id: UUID) -> str:
    """Move the money back by the mirrored journal."""
    row = session.get_one(Transaction, command.transaction_id)
    if queries.reversal_of(session, row.id) is not None:
        raise AlreadyReversed
    facts = _reversers[row.kind](session, actor, clock, _original(row), command, new_id())
    return f"/transactions/{facts.id}"


def _original(row: Transaction) -> Original:
    plain = {n: getattr(row, n) for n in Original.__dataclass_fields__ if n not in ("amount", "charge")}
    amount = Money(row.amount_minor, CURRENCIES[row.currency])
    return Original(**plain, amount=amount, charge=queries.charge_of(row))
