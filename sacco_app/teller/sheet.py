"""The till sheet: everything that went through a till on its day, in groups, and whether its receipts have a gap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.teller import queries
from sacco_app.teller.models import TillSession
from sacco_app.teller.types import MoveKind, TillState
from sacco_app.transactions import queries as transactions
from sacco_app.transactions.types import TITLES, TransactionKind

IN, OUT = 1, -1
TAKEN_BACK = ", taken back"
GROUPS: dict[str, tuple[str, int]] = {
    "float": ("Float of the morning", IN),
    "top_up": ("Top-ups from the vault", IN),
    "taken": ("From other tills", IN),
    TransactionKind.DEPOSIT: ("Deposits", IN),
    "over": ("Over at a surprise count", IN),
    TransactionKind.WITHDRAWAL: ("Withdrawals", OUT),
    TransactionKind.ESTATE_CASH: ("Estates paid out", OUT),
    "return": ("Returned to the vault during the day", OUT),
    "given": ("To other tills", OUT),
    "short": ("Short at a surprise count", OUT),
}
AT_CLOSE = frozenset({TransactionKind.TILL_SHORT, TransactionKind.TILL_OVER})


@dataclass(frozen=True, slots=True)
class Group:
    """What went one way: how many and how much."""

    label: str
    sign: int
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One transaction of the day; `change` is what it did to the cash in the till."""

    id: UUID
    receipt: str
    at: datetime
    title: str
    who: str
    change: Money


@dataclass(frozen=True, slots=True)
class Sheet:
    """The day of a till. `expected` is what the book says before the count; `returned` what went back at the close."""

    groups: list[Group]
    lines: list[SheetLine]
    total_in: Money
    total_out: Money
    expected: Money
    counted: Money | None
    difference: Money | None
    first_receipt: str
    last_receipt: str
    missing: list[int]


def read(session: Session, till: TillSession) -> Sheet:
    """The sheet of a till's day, from its transactions."""
    currency, zero = CURRENCIES[till.currency], Money.zero(CURRENCIES[till.currency])
    moves = {row.transaction_id: row for row in queries.moves_of(session, till.id) if row.transaction_id}
    found = {row.transaction_id for row in queries.counts_of_till(session, till.id) if row.transaction_id}
    taken = {one for one, row in moves.items() if row.kind == MoveKind.TRANSFER and row.to_session_id == till.id}
    reversed_here = _reversals(session, taken)
    rows = transactions.through_till(session, till.id, [*taken, *reversed_here])
    keys: dict[UUID, str] = {}
    sums: dict[tuple[str, int], tuple[int, int]] = {}
    lines = []
    for row in rows:
        kind = TransactionKind(row.kind)
        key = keys[row.reverses_id] if row.reverses_id else _key(kind, row.id, taken, moves.keys() | found)
        keys[row.id] = key
        amount, change = row.amount_minor, _at_close(kind, row.amount_minor)
        if key:
            label, sign = GROUPS[key]
            label, sign = (f"{label}{TAKEN_BACK}", -sign) if row.reverses_id else (label, sign)
            count, total = sums.get((label, sign), (0, 0))
            sums[label, sign] = count + 1, total + amount
            change = sign * amount
        title = TITLES[kind] if not row.reverses_id else f"Reversal: {GROUPS[key][0].lower()}"
        lines.append(SheetLine(row.id, row.receipt_number, row.at, title, row.member_name, Money(change, currency)))
    groups = [Group(label, sign, count, Money(total, currency)) for (label, sign), (count, total) in sums.items()]
    inward = sum((group.amount for group in groups if group.sign == IN), zero)
    outward = sum((group.amount for group in groups if group.sign == OUT), zero)
    order = [label for label, _ in GROUPS.values()]
    closed = till.state == TillState.CLOSED and till.counted_minor is not None
    own = [row.receipt_number for row in rows if row.receipt_number and row.till_session_id == till.id]
    return Sheet(
        groups=sorted(groups, key=lambda group: (-group.sign, order.index(group.label.removesuffix(TAKEN_BACK)))),
        lines=lines,
        total_in=inward,
        total_out=outward,
        expected=inward - outward,
        counted=Money(_decisive(till), currency) if closed else None,
        difference=Money(till.difference_minor or 0, currency) if closed else None,
        first_receipt=own[0] if own else "",
        last_receipt=own[-1] if own else "",
        missing=gaps(int(number.rsplit("-", maxsplit=1)[-1]) for number in own),
    )


def _decisive(till: TillSession) -> int:
    """The count that the till was closed by: the custodian's."""
    return (till.recounted_minor if till.recounted_minor is not None else till.counted_minor) or 0


def _key(kind: TransactionKind, row_id: UUID, taken: set[UUID], moved: Iterable[UUID]) -> str:
    """The group of a transaction; empty for what belongs to the close."""
    in_the_day = row_id in moved
    if kind == TransactionKind.FLOAT_ISSUE:
        return "top_up" if in_the_day else "float"
    if kind == TransactionKind.FLOAT_RETURN:
        return "return" if in_the_day else ""
    if kind == TransactionKind.TILL_TRANSFER:
        return "taken" if row_id in taken else "given"
    if kind in AT_CLOSE:
        return ("short" if kind == TransactionKind.TILL_SHORT else "over") if in_the_day else ""
    return kind


def _at_close(kind: TransactionKind, minor: int) -> int:
    return minor if kind == TransactionKind.TILL_OVER else -minor


def _reversals(session: Session, taken: set[UUID]) -> list[UUID]:
    """The reversals of cash that came from other tills: they are booked at the till that gave it."""
    found = [transactions.reversal_of(session, one) for one in taken]
    return [row.id for row in found if row is not None]


def gaps(numbers: Iterable[int]) -> list[int]:
    """The numbers that are missing between the first and the last."""
    seen = sorted(numbers)
    return [one for one in range(seen[0], seen[-1] + 1) if one not in set(seen)] if seen else []
