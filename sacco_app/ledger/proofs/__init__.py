"""Proofs of the book: what `flask ledger check` looks for, and the quick ones before the close of a day.

Each proof compares in one statement, so that it sees one instant of a book that goes on moving.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from sacco_app.ledger import ports
from sacco_app.ledger.ports import Proof
from sacco_app.ledger.proofs import clearing, journals, subledgers, totals
from sacco_app.ledger.proofs.day import adds_up

_MEMORY = text("SET LOCAL work_mem = '128MB'")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a proof found: nothing, or one sentence for each difference. `seconds` is what it took."""

    proof: Proof
    covers: str
    differences: tuple[str, ...]
    seconds: Decimal


def every_proof() -> tuple[Proof, ...]:
    """The proofs of the ledger, and those that other rooms have offered."""
    own = (journals.BALANCE, subledgers.CONTROLS, journals.NETS, clearing.AGES, totals.ROLL_UPS)
    return (*own, *ports.proofs())


def prove(session: Session) -> Iterator[Verdict]:
    """Every proof in turn."""
    session.execute(_MEMORY)
    for proof in every_proof():
        began = time.perf_counter_ns()
        differences, covers = tuple(proof.find(session)), proof.covers(session)
        yield Verdict(proof, covers, differences, Decimal(time.perf_counter_ns() - began).scaleb(-9))


def differences(session: Session) -> list[str]:
    """Everything that does not hold, one sentence each; empty when the book is clean."""
    return [sentence for verdict in prove(session) for sentence in verdict.differences]


__all__ = ["Verdict", "adds_up", "differences", "every_proof", "prove"]
