"""The chart and its posting profiles as the accountant changes them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.ledger.errors import AccountInUse, AccountNotFound
from sacco_app.ledger.models import GlAccount, JournalLine, PostingProfile
from sacco_app.ledger.types import AddAccount, EditAccount, Perm


def add_account(session: Session, actor: Actor, clock: Clock, command: AddAccount) -> UUID:
    """Add an account for manual use. AccountCodeTaken when the code is taken."""
    actor.require(Perm.ACCOUNT_EDIT)
    account = GlAccount(
        id=new_id(),
        code=command.code,
        name=command.name,
        account_class=command.account_class,
        normal_side=command.normal_side,
        is_control=False,
        pearls=command.pearls,
        kef=command.kef,
        liquidity=command.liquidity,
        cash_flow=command.cash_flow,
        clearing_days=command.clearing_days,
        is_active=True,
    )
    session.add(account)
    reference.bump(session)
    return account.id


def edit_account(session: Session, actor: Actor, clock: Clock, command: EditAccount) -> None:
    """Change code, name and mapping. Raises AccountNotFound, AccountInUse, AccountCodeTaken."""
    actor.require(Perm.ACCOUNT_EDIT)
    account = session.get(GlAccount, command.account_id, with_for_update=True)
    if account is None:
        raise AccountNotFound
    if account.is_active and not command.is_active:
        _require_unused(session, account)
    account.code = command.code
    account.name = command.name
    account.pearls = command.pearls
    account.kef = command.kef
    account.liquidity = command.liquidity
    account.cash_flow = command.cash_flow
    account.clearing_days = command.clearing_days
    account.is_active = command.is_active
    reference.bump(session)


def _require_unused(session: Session, account: GlAccount) -> None:
    named = select(PostingProfile.id).where(PostingProfile.gl_account_id == account.id).limit(1)
    if session.scalar(named) is not None:
        raise AccountInUse(code=account.code, why="a posting profile names it")
    balance = select(func.sum(JournalLine.debit_minor - JournalLine.credit_minor))
    if session.scalar(balance.where(JournalLine.gl_account_id == account.id)):
        raise AccountInUse(code=account.code, why="it has a balance")
