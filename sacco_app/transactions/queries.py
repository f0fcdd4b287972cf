"""Reads of the transactions room."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.transactions import rules
from sacco_app.transactions.models import FeeRuleRow, ReceiptPrint, Transaction
from sacco_app.transactions.types import TransactionFacts


def in_scope(actor: Actor) -> Select[Transaction]:
    query = select(Transaction)
    return query if actor.branch_ids is None else query.where(Transaction.branch_id.in_(actor.branch_ids))


def get_row(session: Session, actor: Actor, transaction_id: UUID) -> Transaction:
    """A transaction of the actor's branches. Raises NotFound."""
    row = session.scalars(in_scope(actor).where(Transaction.id == transaction_id)).first()
    if row is None:
        raise NotFound(what="transaction")
    return row


def get_facts(session: Session, transaction_id: UUID, *, replayed: bool = False) -> TransactionFacts:
    """What a transaction said when it was posted."""
    row = session.get_one(Transaction, transaction_id)
    currency = CURRENCIES[row.currency]
    amount, fee = Money(row.amount_minor, currency), Money(row.fee_minor, currency)
    return TransactionFacts(row.id, row.number, row.receipt_number, amount, fee, replayed)


def reversal_of(session: Session, transaction_id: UUID) -> Transaction | None:
    """The transaction that reversed this one, if there is one."""
    return session.scalars(select(Transaction).where(Transaction.reverses_id == transaction_id)).first()


def by_check_code(session: Session, code: str) -> Transaction | None:
    """The transaction with a check code, for the public page."""
    return session.scalars(select(Transaction).where(Transaction.check_code == code.upper())).first()


def of_till_session(session: Session, till_session_id: UUID) -> list[Transaction]:
    """Today's work of a till, newest first."""
    query = select(Transaction).where(Transaction.till_session_id == till_session_id)
    return list(session.scalars(query.order_by(Transaction.at.desc(), Transaction.id.desc()).limit(50)))


def prints(session: Session, transaction_id: UUID) -> int:
    """How often the receipt was printed."""
    query = select(func.count()).where(ReceiptPrint.transaction_id == transaction_id)
    return session.scalar(query) or 0


def _load_fees(session: Session) -> tuple[rules.FeeRule, ...]:
    names = rules.FeeRule.__dataclass_fields__
    return tuple(rules.FeeRule(**{n: getattr(row, n) for n in names}) for row in session.scalars(select(FeeRuleRow)))


def fee_for(session: Session, kind: str, product: str | None, amount: Money) -> Money:
    """The fee of a transaction by the rules in force."""
    return rules.fee(reference.get(session, "transactions.fees", _load_fees), kind, product, amount)
