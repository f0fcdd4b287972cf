"""What savings say on a member's pages, and when the member wants to leave."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import Money
from sacco_app.members.ports import Figure, Panel, register_bonds, register_estate_panel, register_panel
from sacco_app.savings import estates, queries


def figures(session: Session, actor: Actor, member_id: UUID) -> Sequence[Figure]:
    """The savings of all accounts together."""
    accounts = queries.accounts_of(session, actor, member_id)
    if not accounts:
        return ()
    total = sum((one.ledger_balance for one in accounts[1:]), accounts[0].ledger_balance)
    return (("Savings", Money(total.minor, total.currency).format(with_code=True), ""),)


def bonds(session: Session, member_id: UUID) -> Sequence[str]:
    """Each account on which there is still money."""
    accounts = queries.accounts_of_member(session, member_id)
    return [f"{one.number} holds {one.ledger_balance}" for one in accounts if one.ledger_balance]


def register() -> None:
    """Put all onto the members room's ports."""
    register_panel("savings", Panel("savings/_panel.html", queries.accounts_of, figures))
    register_bonds("savings", bonds)
    register_estate_panel("savings", Panel("savings/_estate.html", estates.accounts_with_dues))
