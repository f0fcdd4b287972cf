"""A transfer of staff that waits for a second person (approval policies), with the money held meanwhile."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals.types import Description
from sacco_app.kernel import locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries
from sacco_app.savings.service.holds import place_hold, release_hold
from sacco_app.savings.service.moving import account_lock
from sacco_app.savings.service.transfers import carry_out, leaving
from sacco_app.savings.types import AccountFacts, AskedTransfer
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import Charge, TransactionKind


def _source(session: Session, command: AskedTransfer) -> tuple[AccountFacts, Charge]:
    account = queries.get_account(session, Actor.system(), command.transfer.from_account_id)
    day = organisation.business_date(session, account.branch_id)
    amount = command.transfer.amount
    return account, queries.charge_for(session, account, TransactionKind.TRANSFER, amount, day, "counter")


def describe(session: Session, command: AskedTransfer) -> Description:
    """What the second person is shown: from whom, to whom, what it costs and leaves."""
    source, charge = _source(session, command)
    target = queries.get_account(session, Actor.system(), command.transfer.to_account_id)
    amount = command.transfer.amount
    day = organisation.business_date(session, source.branch_id)
    after = source.ledger_balance - amount - charge.total
    effects = (
        ("From", f"{source.number} {members.label(session, source.member_id)[1]}"),
        ("To", f"{target.number} {members.label(session, target.member_id)[1]}"),
        ("Available before", str(source.available)),
        *transactions.paid_before(session, leaving(source, amount, day)),
        ("Fee and duty", str(charge.total)),
        ("Balance after", str(after)),
    )
    summary = f"Transfer {amount} from {source.number} to {target.number}"
    owners = (source.member_id, target.member_id)
    theirs = frozenset(user_id for owner in owners for user_id in access.users_of_member(session, owner))
    url = f"/savings/accounts/{source.id}"
    return Description(summary, source.branch_id, amount, effects, url, theirs, source.member_id)


def submitted(session: Session, actor: Actor, clock: Clock, command: AskedTransfer, request_id: UUID) -> None:
    """Hold amount, fee and duty while it waits. What is above a limit does not even wait."""
    source, charge = _source(session, command)
    amount, day = command.transfer.amount, organisation.business_date(session, source.branch_id)
    words = f"Transfer asked for by {actor.name} waits for approval"
    place_hold(session, actor, clock, source.id, amount + charge.total, words, request_id)
    kind, owner = TransactionKind.TRANSFER, source.member_id
    transactions.check_limits(session, actor, clock, kind, amount, day, account_id=source.id, member_id=owner)


def released(session: Session, actor: Actor, clock: Clock, command: AskedTransfer, request_id: UUID) -> None:
    """The waiting is over: let the held money go. Both accounts are locked, sorted, since both move when it is done."""
    locks.acquire(session, [account_lock(command.transfer.from_account_id, command.transfer.to_account_id)])
    release_hold(session, actor, clock, request_id)


def execute(session: Session, actor: Actor, clock: Clock, command: AskedTransfer, request_id: UUID) -> str:
    """Move the money in the name of who asked; the journal names who allowed it. The request's id becomes the
    transaction's. Raises as `transfer` does, and MoreMustAgree.
    """
    transfer = command.transfer
    locks.acquire(session, [account_lock(transfer.from_account_id, transfer.to_account_id)])
    source = queries.get_account(session, Actor.system(), transfer.from_account_id)
    day = organisation.business_date(session, source.branch_id)
    maker = access.actor_of(session, command.maker_id)
    transactions.require_agreed(session, maker, clock, leaving(source, transfer.amount, day), request_id)
    facts = carry_out(session, maker, clock, transfer, request_id, checker_id=actor.user_id)
    return f"/transactions/{facts.id}"
