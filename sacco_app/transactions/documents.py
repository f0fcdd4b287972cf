"""The receipt on paper: made by a worker for every transaction that carries a receipt number, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.documents import service as documents
from sacco_app.documents.registry import DocumentKind, register_document
from sacco_app.documents.types import Content, RequestDocument
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.masking import masked_name
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.organisation import queries as organisation
from sacco_app.transactions import receipt, rules
from sacco_app.transactions.models import Transaction
from sacco_app.transactions.types import TITLES, TransactionKind, TransactionsPermission
from sacco_app.webkit.jobs import subscriber

KIND = "transactions.receipt"


@subscriber("transactions.recorded")
def ask_for_receipt(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """A transaction with a receipt number gets its PDF, in the name of whoever posted it."""
    row = session.get_one(Transaction, UUID(payload["transaction_id"]))
    if row.receipt_number:
        documents.request_document(session, actor, clock, command(row))


def command(row: Transaction) -> RequestDocument:
    """The wish for a transaction's receipt: the same document however often it is asked for."""
    return RequestDocument(
        kind=KIND,
        params={"transaction_id": str(row.id)},
        title=f"Receipt {row.receipt_number or row.number}",
        branch_id=row.branch_id,
        member_id=row.member_id,
        dedupe_key=f"receipt:{row.id}",
        requested_by=row.maker_id,
        is_awaited=False,
    )


def build(session: Session, clock: Clock, params: Mapping[str, str]) -> Content:
    """What stands on a receipt (handbook 4.1)."""
    row = session.get_one(Transaction, UUID(params["transaction_id"]))
    amount = Money(row.amount_minor, CURRENCIES[row.currency])
    title = TITLES[TransactionKind(row.kind)]
    lines = receipt.lines(session, row)
    branch = organisation.get_branch(session, row.branch_id)
    context = {
        "row": row,
        "what": title,
        "branch": branch,
        "lines": lines,
        "amount": amount,
        "words": rules.in_words(amount),
    }
    facts = (
        ("What", title),
        ("Amount", str(amount)),
        ("Member", masked_name(row.member_name)),
        ("Date", format_date(local_date(row.at))),
        ("Number", row.number),
    )
    return Content(context, facts)


def register() -> None:
    """Make the kind of document known."""
    register_document(DocumentKind(KIND, "Receipt", "receipt.html", TransactionsPermission.TRANSACTION_VIEW, build))
