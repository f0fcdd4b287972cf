"""What each heir of a member who died has had of each account, and what is due (handbook 1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import Money
from sacco_app.members import estates
from sacco_app.members.types import EstateFacts, Heir
from sacco_app.savings import queries, rules
from sacco_app.savings.models import EstatePayout
from sacco_app.savings.types import AccountFacts, Due


@dataclass(frozen=True, slots=True)
class AccountDues:
    """One account with what is due from it to each heir."""

    account: AccountFacts
    dues: list[tuple[Heir, Due]]


def dues(session: Session, estate: EstateFacts, account: AccountFacts) -> list[Due]:
    """Each heir's part of the account under this settlement; held money is nobody's part until it is let go."""
    query = (
        select(EstatePayout.heir_id, func.sum(EstatePayout.amount_minor))
        .where(
            EstatePayout.account_id == account.id,
            EstatePayout.heir_id.in_([heir.id for heir in estate.heirs]),
            EstatePayout.taken_back_at.is_(None),
        )
        .group_by(EstatePayout.heir_id)
    )
    paid = {heir_id: int(total) for heir_id, total in session.execute(query)}
    currency = account.held.currency
    payable = (account.ledger_balance - account.held).minor
    found = rules.parts(payable, paid, [(heir.id, heir.share) for heir in estate.heirs])
    return [
        Due(heir, account.id, Money(part, currency), Money(paid.get(heir, 0), currency), Money(due, currency))
        for heir, (part, due) in found.items()
    ]


def due(session: Session, estate: EstateFacts, account: AccountFacts, heir_id: UUID) -> Due:
    """The part of one heir in one account."""
    return next(one for one in dues(session, estate, account) if one.heir_id == heir_id)


def accounts_with_dues(session: Session, actor: Actor, member_id: UUID) -> list[AccountDues]:
    """Every account of the member that was not closed before, with what is due to whom."""
    estate = estates.open_estate(session, member_id)
    if estate is None:
        return []
    found = []
    for account in queries.accounts_of(session, actor, member_id):
        by_heir = {one.heir_id: one for one in dues(session, estate, account)}
        if account.ledger_balance or any(one.paid for one in by_heir.values()):
            found.append(AccountDues(account, [(heir, by_heir[heir.id]) for heir in estate.heirs]))
    return found
