"""Base data of the savings room: the regular product."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.clock import Clock
from sacco_app.organisation import queries as organisation
from sacco_app.savings.models import SavingsProduct

MINIMUM = {"UGX": 5_000, "KES": 20_000}


def install(session: Session, clock: Clock, profile: str) -> None:
    """Make the regular savings product; one that exists is left as it is."""
    if session.scalars(select(SavingsProduct).where(SavingsProduct.code == "REG")).first() is not None:
        return
    currency = organisation.get_profile(session).currency.code
    session.add(
        SavingsProduct(
            code="REG",
            name="Regular savings",
            category="regular",
            currency=currency,
            min_balance_minor=MINIMUM[currency],
            min_opening_minor=0,
            dormancy_days=365,
            is_active=True,
        )
    )
    reference.bump(session)
