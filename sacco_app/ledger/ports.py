"""What the rooms above tell the ledger, so that it can prove the book without knowing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

Balance = tuple[str, UUID, int]


@dataclass(frozen=True)
class SubledgerSource:
    """The balances of one kind of sub-ledger.

    `balances` gives (code of the control account, id, balance in minor units), credit-positive for liabilities and
    equity, debit-positive for assets; an account that it names must consist of this sub-ledger entirely.
    """

    kind: str
    label: str
    balances: Callable[[Session], Iterable[Balance]]


_sources: dict[str, SubledgerSource] = {}


def register_subledger(source: SubledgerSource) -> None:
    """Offer a sub-ledger to `flask ledger check`; called by the room that holds it."""
    _sources[source.kind] = source


def subledgers() -> tuple[SubledgerSource, ...]:
    """The sub-ledgers offered so far."""
    return tuple(_sources.values())
