"""Receipts are numbered without a gap, per till and day: the proof of it for `flask ledger check`."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from sacco_app.ledger.ports import Proof
from sacco_app.transactions.models import Transaction

_SERIES = func.substring(Transaction.receipt_number, "^(.*)-[0-9]+$")
_NUMBER = cast(func.substring(Transaction.receipt_number, "([0-9]+)$"), Integer)
_NAMED = 10


def _gaps(session: Session) -> Iterator[str]:
    query = (
        select(_SERIES, func.array_agg(_NUMBER), func.max(_NUMBER))
        .where(Transaction.receipt_number != "")
        .group_by(_SERIES)
        .having(func.count() != func.max(_NUMBER))
        .order_by(_SERIES)
    )
    for series, numbers, last in session.execute(query):
        missing = sorted(set(range(1, last + 1)) - set(numbers))
        named = ", ".join(f"{number:04d}" for number in missing[:_NAMED])
        more = f" and {len(missing) - _NAMED:,} more" if len(missing) > _NAMED else ""
        yield f"receipts {series}: {named}{more} missing"


def _size(session: Session) -> str:
    count = session.scalar(select(func.count()).where(Transaction.receipt_number != "")) or 0
    return f"{count:,} receipts"


RECEIPTS = Proof("Receipts have no gaps", _gaps, _size)
