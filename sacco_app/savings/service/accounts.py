"""Opening accounts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel import idempotency
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries
from sacco_app.savings.errors import ProductClosed
from sacco_app.savings.models import ACCOUNT_NUMBERS, SavingsAccount
from sacco_app.savings.types import AccountStatus, OpenAccount, SavingsPermission


def open_account(session: Session, actor: Actor, clock: Clock, command: OpenAccount) -> UUID:
    """Open an account for an active member. Raises MemberNotActive, ProductClosed."""
    actor.require(SavingsPermission.ACCOUNT_OPEN)
    account_id = new_id()
    if command.idempotency_key:
        claim = idempotency.claim(
            session,
            "savings.open",
            command.idempotency_key,
            command,
            result_ref=str(account_id),
            actor_id=actor.user_id,
        )
        if claim.replayed:
            return UUID(claim.result_ref)
    member = members.require_active(session, command.member_id)
    actor.require_branch(member.branch_id)
    product = queries.products(session).get(command.product_code)
    if product is None or not product.is_active:
        raise ProductClosed
    branch = organisation.get_branch(session, member.branch_id)
    session.add(
        SavingsAccount(
            id=account_id,
            number=f"{product.code}-{session.scalar(ACCOUNT_NUMBERS):06d}",
            product_id=product.id,
            product_code=product.code,
            member_id=member.id,
            branch_id=member.branch_id,
            currency=product.currency,
            status=AccountStatus.ACTIVE,
            ledger_balance_minor=0,
            held_minor=0,
            opened_on=branch.business_date,
        )
    )
    return account_id
