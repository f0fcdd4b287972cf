"""Pure rules of the savings room."""

from __future__ import annotations

from sacco_app.kernel.money import Money
from sacco_app.savings.errors import InsufficientFunds


def check_available(ledger: Money, held: Money, minimum: Money, wanted: Money) -> None:
    """Raise InsufficientFunds unless `wanted` fits into ledger − holds − minimum (handbook 2.4)."""
    available = max(ledger - held - minimum, Money.zero(ledger.currency))
    if wanted > available:
        raise InsufficientFunds(available=available, ledger=ledger, held=held, minimum=minimum)
