"""Pure rules of the savings room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from sacco_app.kernel.money import Money
from sacco_app.savings.errors import InsufficientFunds


def check_available(ledger: Money, held: Money, minimum: Money, wanted: Money) -> None:
    """Raise InsufficientFunds unless `wanted` fits into ledger − holds − minimum (handbook 2.4)."""
    available = max(ledger - held - minimum, Money.zero(ledger.currency))
    if wanted > available:
        raise InsufficientFunds(available=available, ledger=ledger, held=held, minimum=minimum)


def parts(
    payable: int, paid: Mapping[UUID, int], shares: Sequence[tuple[UUID, Decimal]]
) -> dict[UUID, tuple[int, int]]:
    """Each heir's whole part of an account and what of it is due now, in minor units.

    The whole is what can be paid now and what was paid before; shares are in per cent, the largest first, and sum to 100.
    Parts are rounded down and what is left over belongs to the first. Nothing is due to who has had more than the part
    that there is now, and never more than can be paid.
    """
    whole = payable + sum(paid.get(heir, 0) for heir, _ in shares)
    each = {heir: int((whole * share / 100).to_integral_value(ROUND_DOWN)) for heir, share in shares}
    first = shares[0][0]
    each[first] += whole - sum(each.values())
    return {heir: (part, min(max(part - paid.get(heir, 0), 0), payable)) for heir, part in each.items()}
