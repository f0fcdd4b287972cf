"""What the rooms above tell the ledger, so that it can prove the book without knowing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session

Balance = tuple[str, UUID, int]


@dataclass(frozen=True)
class SubledgerSource:
    """The balances of one kind of sub-ledger.

    `balances` gives (code of the control account, id, balance in minor units), credit-positive for liabilities and
    equity, debit-positive for assets; an account that it names must consist of this sub-ledger entirely. It is a query
    with these three columns, so that book and sub-ledger are compared at one instant; rows will do for a small one.
    """

    kind: str
    label: str
    balances: Callable[[Session], Select[str, UUID, int] | Iterable[Balance]]


@dataclass(frozen=True)
class Proof:
    """Something that must hold. `find` gives one sentence for each difference, `covers` says what was looked at."""

    name: str
    find: Callable[[Session], Iterable[str]]
    covers: Callable[[Session], str]


_sources: dict[str, SubledgerSource] = {}
_proofs: dict[str, Proof] = {}


def register_subledger(source: SubledgerSource) -> None:
    """Offer a sub-ledger to `flask ledger check`; called by the room that holds it."""
    _sources[source.kind] = source


def subledgers() -> tuple[SubledgerSource, ...]:
    """The sub-ledgers offered so far."""
    return tuple(_sources.values())


def register_proof(proof: Proof) -> None:
    """Let `flask ledger check` prove one more thing; called by the room that knows it."""
    _proofs[proof.name] = proof


def proofs() -> tuple[Proof, ...]:
    """The proofs that other rooms have offered so far."""
    return tuple(_proofs.values())
