"""Reads of the transactions room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from sacco_app.approvals import queries as approvals
from sacco_app.kernel import reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import local_date, start_of
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.organisation import queries as organisation
from sacco_app.transactions import rules
from sacco_app.transactions.models import FeeRuleRow, LimitRow, ReceiptPrint, Transaction
from sacco_app.transactions.types import Charge, CountedFor, Leaving, TransactionFacts

DUTY_RATE = "fee.excise.rate"
AHEAD = timedelta(days=7)
COUNTER = "counter"


def in_scope(actor: Actor) -> Select[Transaction]:
    """The transactions of the branches that the actor serves."""
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
    amount = Money(row.amount_minor, currency)
    return TransactionFacts(row.id, row.number, row.receipt_number, amount, charge_of(row), replayed)


def charge_of(row: Transaction) -> Charge:
    """What the transaction has cost."""
    currency = CURRENCIES[row.currency]
    return Charge(Money(row.fee_minor, currency), Money(row.duty_minor, currency))


def find_facts(session: Session, transaction_id: UUID) -> TransactionFacts | None:
    """What a transaction said when it was posted, to whoever sent its command again; None while it waits."""
    done = session.get(Transaction, transaction_id) is not None
    return get_facts(session, transaction_id, replayed=True) if done else None


def facts_of_member(session: Session, member_id: UUID, transaction_id: UUID) -> TransactionFacts:
    """A transaction that the member made. Raises NotFound, also for that of somebody else."""
    row = session.get(Transaction, transaction_id)
    if row is None or row.member_id != member_id:
        raise NotFound(what="transaction")
    return get_facts(session, transaction_id)


def reversal_of(session: Session, transaction_id: UUID) -> Transaction | None:
    """The transaction that reversed this one, if there is one."""
    return session.scalars(select(Transaction).where(Transaction.reverses_id == transaction_id)).first()


def references(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Number and channel of transactions, for the lines of a statement."""
    if not ids:
        return {}
    query = select(Transaction.id, Transaction.number, Transaction.channel).where(Transaction.id.in_(ids))
    return {row.id: (row.number, row.channel) for row in session.execute(query)}


def by_check_code(session: Session, code: str) -> Transaction | None:
    """The transaction with a check code, for the public page."""
    return session.scalars(select(Transaction).where(Transaction.check_code == code.upper())).first()


_OF_TILL = (
    select(Transaction.id, Transaction.kind, Transaction.receipt_number, Transaction.amount_minor)
    .where(Transaction.till_session_id == bindparam("till"))
    .order_by(Transaction.at.desc(), Transaction.id.desc())
    .limit(bindparam("count"))
)


def newest_of_till(session: Session, till_session_id: UUID, count: int) -> Sequence[Row[UUID, str, str, int]]:
    """Id, kind, receipt number and amount of the last things done at a till, newest first."""
    return session.execute(_OF_TILL, {"till": till_session_id, "count": count}).all()


def through_till(session: Session, till_session_id: UUID, others: Collection[UUID] = ()) -> list[Transaction]:
    """Everything that was posted at a till on its day, and `others`, in the order in which it was posted."""
    named = or_(Transaction.till_session_id == till_session_id, Transaction.id.in_(others))
    return list(session.scalars(select(Transaction).where(named).order_by(Transaction.at, Transaction.id)))


def prints(session: Session, transaction_id: UUID) -> int:
    """How often the receipt was printed."""
    query = select(func.count()).where(ReceiptPrint.transaction_id == transaction_id)
    return session.scalar(query) or 0


def _load_fees(session: Session) -> tuple[rules.FeeRule, ...]:
    names = rules.FeeRule.__dataclass_fields__
    return tuple(rules.FeeRule(**{n: getattr(row, n) for n in names}) for row in session.scalars(select(FeeRuleRow)))


def charge_for(
    session: Session, kind: str, amount: Money, day: date, *, product: str | None = None, channel: str = "counter"
) -> Charge:
    """What a transaction costs on a business date: the fee by the rules of that day and the duty on it.

    Raises ParameterNotSet when nobody has said what the duty is.
    """
    fees = reference.get(session, "transactions.fees", _load_fees)
    fee = rules.fee(fees, kind, amount, day, product, channel)
    if not fee:
        return Charge.none(amount.currency)
    return rules.charge(fee, organisation.parameter(session, DUTY_RATE, day).number)


def has_fee(session: Session, kind: str, day: date) -> bool:
    """Whether anything of this kind costs something on a business date."""
    fees = reference.get(session, "transactions.fees", _load_fees)
    return any(rule.kind == kind and rules.in_force(rule, day) for rule in fees)


def _load_limits(session: Session) -> tuple[rules.Limit, ...]:
    names = rules.Limit.__dataclass_fields__
    return tuple(rules.Limit(**{n: getattr(row, n) for n in names}) for row in session.scalars(select(LimitRow)))


def limits_for(session: Session, actor: Actor, kind: str, day: date) -> list[rules.Limit]:
    """The limits that the actor has on a business date."""
    limits = reference.get(session, "transactions.limits", _load_limits)
    return rules.limits_for(limits, kind, actor.channel, actor.roles, day)


def _of_day(kind: str, day: date, now: datetime | None = None) -> tuple[ColumnElement[bool], ...]:
    """The transactions of a kind on a business date, without what was taken back; with `now` those of the same day of
    the calendar too.

    A branch that has closed its day works on the next one, some days ahead of the calendar, and its neighbour does not:
    who goes from one to the other in an evening is still on one day. A bound on `at` narrows the search.
    """
    twin = aliased(Transaction)
    taken_back = exists().where(twin.reverses_id == Transaction.id)
    that_day, first = Transaction.business_date == day, day
    if now is not None:
        today = local_date(now)
        begins, ends = start_of(today), start_of(today + timedelta(days=1))
        that_day, first = or_(that_day, and_(Transaction.at >= begins, Transaction.at < ends)), min(day, today)
    return Transaction.at >= start_of(first) - AHEAD, that_day, Transaction.kind == kind, ~taken_back


def used(
    session: Session, limits: Sequence[tuple[rules.Limit, UUID]], member_id: UUID, day: date, now: datetime
) -> list[rules.Used]:
    """What was done on a business date, or on the calendar's day of `now`, of what each limit counts, of whom it counts
    it for; in one statement. `member_id` is whose accounts are counted.
    """
    subject = {"account": Transaction.account_id, "member": Transaction.member_id, "maker": Transaction.maker_id}
    parts = []
    for place, (limit, whose) in enumerate(limits):
        query = select(literal(place), func.coalesce(func.sum(Transaction.amount_minor), 0), func.count()).where(
            subject[limit.counted_for] == whose, *_of_day(limit.kind, day, now)
        )
        if limit.counted_for == CountedFor.ACCOUNT:
            query = query.where(Transaction.member_id == member_id)  # the index is on members
        if limit.channel is not None:
            query = query.where(Transaction.channel == limit.channel)
        parts.append(query)
    return [
        rules.Used(int(total), count)
        for _, total, count in sorted(tuple(row) for row in session.execute(union_all(*parts)))
    ]


def _posted(leaving: Leaving, channel: str, now: datetime | None) -> Select[int, int]:
    agreed = approvals.agreed_to(Transaction.id)
    query = select(agreed, func.sum(Transaction.amount_minor)).where(
        Transaction.member_id == leaving.member_id,
        Transaction.channel == channel,
        *_of_day(leaving.kind, leaving.day, now),
    )
    return query.group_by(agreed)


def paid_out(session: Session, leaving: Leaving, channel: str, now: datetime | None = None) -> dict[int, int]:
    """What left the member's accounts before on the same day by the same kind: minor units by how many agreed."""
    return {agreed: int(total) for agreed, total in session.execute(_posted(leaving, channel, now))}


def asked_out(session: Session, leaving: Leaving) -> int:
    """What waits to leave the member's accounts by the same kind of request, in minor units."""
    return sum(int(total) for _, total in session.execute(approvals.asked_for(leaving.command_kind, leaving.member_id)))


def leaves(session: Session, leaving: Leaving, channel: str, now: datetime) -> dict[int, int]:
    """What left the member's accounts on the same day, and what waits to leave them, in one statement: minor units by how
    many agreed or must. Only what staff ask for at the counter waits.
    """
    if channel != COUNTER:
        return paid_out(session, leaving, channel, now)
    waiting = approvals.asked_for(leaving.command_kind, leaving.member_id)
    sums: Counter[int] = Counter()
    both = union_all(_posted(leaving, channel, now), waiting)
    for agreed, total in session.execute(both):
        sums[agreed] += int(total)
    return sums
