"""Accounts that are closed, that fall asleep and that are woken (handbook 1.5, 1.8)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries
from sacco_app.savings.errors import AccountHeld, AccountNotOpen, AlreadyAsked, NotClosing, NotDormant
from sacco_app.savings.models import SavingsAccount, SavingsProduct
from sacco_app.savings.service.moving import account_lock
from sacco_app.savings.types import AccountFacts, AccountStatus, CloseAccount, ReactivateAccount
from sacco_app.savings.types import SavingsPermission as P

CLOSE, REACTIVATE = "savings.close", "savings.reactivate"
COOL_OFF_FROM = "dormancy.cool_off.from"
BATCH = 500


def _locked(session: Session, actor: Actor, account_id: UUID) -> SavingsAccount:
    row = locks.acquire(session, [account_lock(account_id)]).one(SavingsAccount, account_id)
    actor.require_branch(row.branch_id)
    return row


def _require_unasked(session: Session, kind: str, row: SavingsAccount) -> None:
    if any(asked.kind == kind for asked in approval_queries.waiting_for(session, _url(row.id))):
        raise AlreadyAsked(number=row.number)


def _url(account_id: UUID) -> str:
    return f"/savings/accounts/{account_id}"


def close_account(session: Session, actor: Actor, clock: Clock, command: CloseAccount) -> UUID | None:
    """Close an empty account at once. One with money waits for a second person; then it pays out everything, free of
    fees, and the payment that empties it closes it.

    Returns the request that waits, or None when it is closed. Raises AccountNotOpen, AccountHeld, AlreadyAsked.
    """
    actor.require(P.ACCOUNT_CLOSE)
    row = _locked(session, actor, command.account_id)
    _require_closable(row)
    if row.ledger_balance_minor == 0:
        row.status, row.closed_on = AccountStatus.CLOSED, organisation.business_date(session, row.branch_id)
        return None
    _require_unasked(session, CLOSE, row)
    return approvals.submit(session, actor, clock, CLOSE, command, command.reason)


def _require_closable(row: SavingsAccount) -> None:
    if row.status != AccountStatus.ACTIVE:
        raise AccountNotOpen(number=row.number, status=row.status)
    if row.held_minor:
        raise AccountHeld(number=row.number, held=Money(row.held_minor, CURRENCIES[row.currency]))


def keep_account(session: Session, actor: Actor, clock: Clock, account_id: UUID) -> None:
    """The member stays: an account that is being closed goes on. Raises NotClosing."""
    actor.require(P.ACCOUNT_CLOSE)
    row = _locked(session, actor, account_id)
    if row.status != AccountStatus.CLOSING:
        raise NotClosing(number=row.number, status=row.status)
    row.status = AccountStatus.ACTIVE


def reactivate_account(session: Session, actor: Actor, clock: Clock, command: ReactivateAccount) -> UUID:
    """Ask that a dormant account pays out again. Returns the request. Raises NotDormant, AlreadyAsked, MemberNotActive."""
    actor.require(P.ACCOUNT_OPEN)
    row = _locked(session, actor, command.account_id)
    _require_dormant(row)
    members.require_active(session, row.member_id)
    _require_unasked(session, REACTIVATE, row)
    return approvals.submit(session, actor, clock, REACTIVATE, command, command.reason)


def _require_dormant(row: SavingsAccount) -> None:
    if row.status != AccountStatus.DORMANT:
        raise NotDormant(number=row.number, status=row.status)


def describe_closing(session: Session, command: CloseAccount) -> Description:
    """What the second person is shown: what will be paid out."""
    account = queries.get_account(session, Actor.system(), command.account_id)
    effects = (("Account", account.number), ("To be paid out", str(account.ledger_balance)), ("Fee", "none"))
    return _described(session, f"Close {account.number}", account, (*effects, ("Reason", command.reason)))


def describe_reactivation(session: Session, command: ReactivateAccount) -> Description:
    """What the second person is shown: how long it slept, and what is on it."""
    account = queries.get_account(session, Actor.system(), command.account_id)
    last = account.last_activity_on or account.opened_on
    effects = (
        ("Account", account.number),
        ("Balance", str(account.ledger_balance)),
        ("Last movement", f"{last:%d %b %Y}"),
    )
    return _described(session, f"Reactivate {account.number}", account, (*effects, ("Reason", command.reason)))


def _described(
    session: Session, summary: str, account: AccountFacts, effects: tuple[tuple[str, str], ...]
) -> Description:
    _, name = members.label(session, account.member_id)
    rows = (("Member", name), *effects)
    theirs = frozenset(access.users_of_member(session, account.member_id))
    words = f"{summary} of {name}"
    return Description(words, account.branch_id, account.ledger_balance, rows, _url(account.id), theirs)


def execute_closing(session: Session, actor: Actor, clock: Clock, command: CloseAccount, request_id: UUID) -> str:
    """From now on the account pays out everything and takes nothing in."""
    row = _locked(session, actor, command.account_id)
    _require_closable(row)
    row.status = AccountStatus.CLOSING
    if row.ledger_balance_minor == 0:
        row.status, row.closed_on = AccountStatus.CLOSED, organisation.business_date(session, row.branch_id)
    return _url(row.id)


def execute_reactivation(
    session: Session, actor: Actor, clock: Clock, command: ReactivateAccount, request_id: UUID
) -> str:
    """The account is active again; a large balance is paid out from the next business date on (handbook 1.8)."""
    row = _locked(session, actor, command.account_id)
    _require_dormant(row)
    day = organisation.business_date(session, row.branch_id)
    row.status, row.last_activity_on = AccountStatus.ACTIVE, day
    large = int(organisation.parameter(session, COOL_OFF_FROM, day).number)
    row.debits_from = day + timedelta(days=1) if row.ledger_balance_minor >= large else None
    return _url(row.id)


def mark_dormant(session: Session, actor: Actor, clock: Clock) -> int:
    """Let accounts without a movement for their product's number of days fall asleep, some hundred at a time.

    Returns how many. The day is the branch's business date.
    """
    actor.require(P.ACCOUNT_APPROVE)
    last = func.coalesce(SavingsAccount.last_activity_on, SavingsAccount.opened_on)
    asleep = 0
    for branch in organisation.list_branches(session, actor):
        query = (
            select(SavingsAccount)
            .join(SavingsProduct, SavingsProduct.id == SavingsAccount.product_id)
            .where(
                SavingsAccount.branch_id == branch.id,
                SavingsAccount.status == AccountStatus.ACTIVE,
                last + SavingsProduct.dormancy_days < branch.business_date,
            )
            .order_by(SavingsAccount.id)
            .limit(BATCH)
            .with_for_update(of=SavingsAccount, skip_locked=True)
        )
        for row in session.scalars(query):
            row.status = AccountStatus.DORMANT
            asleep += 1
    return asleep
