"""Arithmetic of journals, pure: shape of legs, branches brought into balance, mirror images."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sacco_app.kernel.money import Currency, CurrencyMismatch
from sacco_app.ledger.errors import JournalEmpty, JournalUnbalanced, LegMisshapen
from sacco_app.ledger.types import Leg, Subledger


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it will be stored; amounts in minor units, one of them zero."""

    account_id: UUID
    branch_id: UUID
    debit: int
    credit: int
    member_id: UUID | None = None
    subledger: Subledger | None = None

    def mirrored(self) -> Line:
        """The same line with its sides exchanged."""
        return Line(self.account_id, self.branch_id, self.credit, self.debit, self.member_id, self.subledger)


def sides(leg: Leg, currency: Currency) -> tuple[int, int]:
    """(debit, credit) of a leg in minor units. Raises LegMisshapen; CurrencyMismatch is a programmer's error."""
    if (leg.debit is None) == (leg.credit is None):
        raise LegMisshapen(name=leg.name)
    amount = leg.debit if leg.debit is not None else leg.credit
    assert amount is not None
    if amount.currency != currency:
        raise CurrencyMismatch(f"{leg.name}: {amount.currency.code} in a journal of {currency.code}")
    if amount.minor < 0:
        raise LegMisshapen(name=leg.name)
    return (amount.minor, 0) if leg.debit is not None else (0, amount.minor)


def check_balanced(lines: Sequence[Line]) -> int:
    """The total of the debits. Raises JournalEmpty or JournalUnbalanced."""
    if len(lines) < 2:
        raise JournalEmpty
    total = sum(line.debit for line in lines)
    if total != sum(line.credit for line in lines):
        raise JournalUnbalanced
    return total


def inter_branch(lines: Sequence[Line], home: UUID, due_from: UUID, due_to: UUID) -> list[Line]:
    """The lines of J-33 that bring every branch into balance, each branch settled with the home branch.

    A branch that received more than it gave owes it (`due_to`, credit), one that gave more is owed it (`due_from`,
    debit); the home branch holds the counterpart. The sub-ledger of each line is the other branch.
    """
    differences: dict[UUID, int] = defaultdict(int)
    for line in lines:
        differences[line.branch_id] += line.debit - line.credit
    added: list[Line] = []
    for branch, difference in differences.items():
        if branch == home or difference == 0:
            continue
        there, here = Subledger("branch", home), Subledger("branch", branch)
        if difference < 0:
            added.append(Line(due_from, branch, -difference, 0, None, there))
            added.append(Line(due_to, home, 0, -difference, None, here))
        else:
            added.append(Line(due_to, branch, 0, difference, None, there))
            added.append(Line(due_from, home, difference, 0, None, here))
    return added
