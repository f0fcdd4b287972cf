"""A statement of an account: opening balance, each movement with the balance after it, closing balance (handbook 4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.money import Money
from sacco_app.ledger import queries as ledger
from sacco_app.ledger.types import SubledgerLine
from sacco_app.savings.types import SUBLEDGER, AccountFacts
from sacco_app.transactions import queries as transactions
from sacco_app.transactions.types import CHANNELS


@dataclass(frozen=True, slots=True)
class Statement:
    """The movements of some business days, both ends included. `references` names the transaction of a line."""

    first: date
    last: date
    opening: Money
    closing: Money
    total_out: Money
    total_in: Money
    lines: tuple[SubledgerLine, ...]
    references: dict[UUID, tuple[str, str]]

    def reference(self, line: SubledgerLine) -> str:
        """The number of the line's transaction."""
        return self._of(line)[0]

    def channel(self, line: SubledgerLine) -> str:
        """Where the line's transaction was asked for, in words."""
        return CHANNELS.get(self._of(line)[1], self._of(line)[1])

    def _of(self, line: SubledgerLine) -> tuple[str, str]:
        return self.references.get(line.transaction_id, ("", "")) if line.transaction_id else ("", "")


def statement(session: Session, account: AccountFacts, first: date, last: date) -> Statement:
    """The statement of an account that the caller may see."""
    currency = account.ledger_balance.currency
    lines = tuple(ledger.subledger_lines(session, SUBLEDGER, account.id, first, last))
    opening = Money(ledger.opening_balance(session, SUBLEDGER, account.id, first), currency)
    return Statement(
        first=first,
        last=last,
        opening=opening,
        closing=lines[-1].balance_after if lines else opening,
        total_out=sum((line.debit for line in lines), Money.zero(currency)),
        total_in=sum((line.credit for line in lines), Money.zero(currency)),
        lines=lines,
        references=transactions.references(session, {line.transaction_id for line in lines if line.transaction_id}),
    )
