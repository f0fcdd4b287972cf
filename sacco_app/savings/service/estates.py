"""Paying the heirs of a member who died (J-24): each payout by two people, to a member's account or in cash."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import appends, idempotency, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import Locked
from sacco_app.members import estates as settlements
from sacco_app.members import queries as members
from sacco_app.members.types import EstateFacts, Heir
from sacco_app.organisation import queries as organisation
from sacco_app.savings import estates, queries
from sacco_app.savings.errors import AlreadyAsked, DueChanged, GuardianNeeded, NothingDue, OwnInheritance, SameAccount
from sacco_app.savings.models import EstatePayout, SavingsAccount
from sacco_app.savings.service.moving import account_lock, credit, pay_out
from sacco_app.savings.service.reversing import take_back
from sacco_app.savings.service.transfers import Moved, post
from sacco_app.savings.types import AccountStatus, AskedPayout, Movement, PayHeir, SavingsPermission
from sacco_app.transactions import service as transactions
from sacco_app.transactions.errors import NotReversible
from sacco_app.transactions.types import Charge, Original, RequestReversal, TransactionFacts, TransactionKind

PAY, PAY_CASH = "savings.pay-heir", "teller.pay-heir"


def ask_payout(session: Session, actor: Actor, clock: Clock, command: PayHeir) -> UUID:
    """Ask that an heir is paid: to an account at once when a second person allows it, in cash by the teller who asked.

    The same command sent twice gives the same request. Raises NotFound, EstateNotOpen, NothingDue, DueChanged,
    GuardianNeeded, AlreadyAsked, OwnInheritance, SameAccount.
    """
    kind = PAY if command.to_account_id else PAY_CASH
    request_id = new_id()
    claim = idempotency.claim(
        session, kind, command.idempotency_key, command, result_ref=str(request_id), actor_id=actor.user_id
    )
    if claim.replayed:
        return UUID(claim.result_ref)
    estate, heir = settlements.payable(session, command.heir_id)
    row = locks.acquire(session, [account_lock(command.account_id)]).one(SavingsAccount, command.account_id)
    actor.require_branch(row.branch_id)
    day = organisation.business_date(session, row.branch_id)
    _require_due(session, estate, heir, command)
    if settlements.is_minor(heir, day) and command.paid_to.strip().casefold() == heir.name.casefold():
        raise GuardianNeeded(name=heir.name)
    _require_stranger(session, actor, estate, command)
    for waiting in approval_queries.waiting_for(session, _url(estate)):
        payout = waiting.command.get("payout", {})
        if payout.get("heir_id") == str(heir.id) and payout.get("account_id") == str(row.id):
            raise AlreadyAsked(number=row.number)
    asked = AskedPayout(command, actor.user_id)
    return approvals.submit(session, actor, clock, kind, asked, command.authority, request_id=request_id)


def ask_payout_to_account(session: Session, actor: Actor, clock: Clock, command: PayHeir) -> UUID:
    """Ask that an heir is paid to a member's account. Raises as `ask_payout` does."""
    actor.require(SavingsPermission.TRANSFER_MAKE)
    if command.to_account_id == command.account_id:
        raise SameAccount
    return ask_payout(session, actor, clock, command)


def _require_due(session: Session, estate: EstateFacts, heir: Heir, command: PayHeir) -> None:
    account = queries.get_account(session, Actor.system(), command.account_id)
    if account.member_id != estate.member_id:
        raise NothingDue(name=heir.name, number=account.number)
    due = estates.due(session, estate, account, heir.id).due
    if not due:
        raise NothingDue(name=heir.name, number=account.number)
    if due != command.amount:
        raise DueChanged(due=due, name=heir.name, number=account.number)


def _require_stranger(session: Session, actor: Actor, estate: EstateFacts, command: PayHeir) -> None:
    """Nobody pays an estate to an own account, and nobody pays out their own."""
    own = queries.owner_of(session, command.to_account_id) if command.to_account_id else None
    if actor.member_id is not None and actor.member_id in (own, estate.member_id):
        raise OwnInheritance


def _url(estate: EstateFacts) -> str:
    return f"/members/{estate.member_id}/estate"


def describe_payout(session: Session, asked: AskedPayout) -> Description:
    """What the second person is shown: whose part, by what right, who takes it."""
    command = asked.payout
    estate, heir = settlements.payable(session, command.heir_id)
    account = queries.get_account(session, Actor.system(), command.account_id)
    due = estates.due(session, estate, account, heir.id)
    number, name = members.label(session, estate.member_id)
    target = queries.get_account(session, Actor.system(), command.to_account_id) if command.to_account_id else None
    owner = members.label(session, target.member_id) if target else ("", "")
    effects = (
        ("Estate of", f"{number} {name}"),
        ("Account", f"{account.number}, {account.ledger_balance}"),
        ("Heir", f"{heir.name}, {heir.relationship}, {heir.share} %"),
        ("Part of the account", str(due.part)),
        ("Paid before", str(due.paid)),
        ("Paid now", str(command.amount)),
        ("Paid to", f"{target.number}, {' '.join(owner)}" if target else f"{command.paid_to}, in cash"),
        ("Shown", command.authority),
        ("Stays on the account", str(account.ledger_balance - command.amount)),
        ("Fee", "none"),
    )
    theirs = access.users_of_member(session, target.member_id) if target else ()
    summary = f"Pay {command.amount} of the estate of {name} to {heir.name}"
    return Description(summary[:300], account.branch_id, command.amount, effects, _url(estate), frozenset(theirs))


def take_for_heir(session: Session, locked: Locked, command: PayHeir, day: date, transaction_id: UUID) -> Movement:
    """Take an heir's part off the locked account, if it is still what is due; whoever calls posts it."""
    estate, heir = settlements.payable(session, command.heir_id)
    _require_due(session, estate, heir, command)
    moved = pay_out(session, locked, command.account_id, command.amount, day)
    appends.append(
        session,
        EstatePayout,
        transaction_id=transaction_id,
        heir_id=heir.id,
        account_id=command.account_id,
        amount_minor=command.amount.minor,
        authority=command.authority,
        taken_back_at=None,
    )
    return moved


def execute_payout(session: Session, actor: Actor, clock: Clock, asked: AskedPayout, request_id: UUID) -> str:
    """Move the heir's part to the account. The request's id becomes the transaction's. Returns its address."""
    command = asked.payout
    assert command.to_account_id
    locked = locks.acquire(session, [account_lock(command.account_id, command.to_account_id)])
    source = locked.one(SavingsAccount, command.account_id)
    day = organisation.business_date(session, source.branch_id)
    maker = access.actor_of(session, asked.maker_id)
    given = credit(session, locked, command.to_account_id, command.amount, day)
    taken = take_for_heir(session, locked, command, day, request_id)
    moved = Moved(
        request_id,
        day,
        taken,
        given,
        command.amount,
        Charge.none(command.amount.currency),
        f"Estate: {command.paid_to}",
        actor.user_id,
        "J-24",
        TransactionKind.ESTATE_TRANSFER,
    )
    return f"/transactions/{post(session, maker, clock, moved).id}"


def give_back(session: Session, clock: Clock, locked: Locked, row: Original, day: date) -> Movement:
    """Put a payout back onto the account that it came from, which is open again; the heir's part is due again.

    Raises NotReversible once the member's affairs are settled.
    """
    assert row.account_id
    assert row.member_id
    if not settlements.is_deceased(session, row.member_id):
        raise NotReversible(kind="payout", why="the estate is settled; correct it with the accountant")
    account = locked.one(SavingsAccount, row.account_id)
    if account.status == AccountStatus.CLOSED:
        account.status, account.closed_on = AccountStatus.ACTIVE, None
    done = update(EstatePayout).where(EstatePayout.transaction_id == row.id)
    session.execute(done.values(taken_back_at=clock.now()))
    return credit(session, locked, row.account_id, row.amount, day, giving_back=True)


def reverse_payout(
    session: Session, actor: Actor, clock: Clock, row: Original, command: RequestReversal, reversal_id: UUID
) -> TransactionFacts:
    """Take a payout to an account back. Raises NotReversible when the receiver no longer has it."""
    assert row.account_id
    assert row.other_account_id
    locked = locks.acquire(session, [account_lock(row.account_id, row.other_account_id)])
    day = organisation.business_date(session, row.branch_id)
    take_back(session, locked, row.other_account_id, row.amount, day)
    given = give_back(session, clock, locked, row, day)
    return transactions.write_reversal(
        session, actor, clock, row, command, reversal_id, day, balance_after=given.balance_after, **_receiver(row)
    )


def _receiver(row: Original) -> dict[str, object]:
    names = ("other_account_id", "other_account_number", "party_name")
    return {name: getattr(row, name) for name in names}


__all__ = [
    "PAY",
    "PAY_CASH",
    "ask_payout",
    "ask_payout_to_account",
    "describe_payout",
    "execute_payout",
    "give_back",
    "reverse_payout",
    "take_for_heir",
]
