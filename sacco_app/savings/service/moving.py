"""Moving a locked account: `credit` and `debit` change the balance, the caller posts the journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session, with_expression

from sacco_app.kernel.dates import format_date
from sacco_app.kernel.locks import Locked, LockRank, LockRequest
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger.types import Leg, Subledger
from sacco_app.members import queries as members
from sacco_app.savings import queries, rules
from sacco_app.savings.errors import (
    AccountNotOpen,
    AmountNotAccepted,
    CoolingOff,
    FirstDepositTooSmall,
)
from sacco_app.savings.models import SavingsAccount
from sacco_app.savings.types import SUBLEDGER, AccountStatus, Movement

_WITH_OWNER = (with_expression(SavingsAccount.owner, members.label_of(SavingsAccount.member_id)),)


def account_lock(*account_ids: UUID) -> LockRequest:
    """What to lock before an account is moved."""
    return LockRequest(LockRank.SAVINGS_ACCOUNT, SavingsAccount, account_ids, _WITH_OWNER)


def _movement(session: Session, row: SavingsAccount) -> Movement:
    number, name = row.owner or members.label(session, row.member_id)
    return Movement(
        account_id=row.id,
        account_number=row.number,
        member_id=row.member_id,
        member_number=number,
        member_name=name,
        branch_id=row.branch_id,
        product_code=row.product_code,
        balance_after=Money(row.ledger_balance_minor, CURRENCIES[row.currency]),
    )


PAYS_OUT = (AccountStatus.ACTIVE, AccountStatus.CLOSING)
TAKES_IN = (AccountStatus.ACTIVE, AccountStatus.DORMANT)
CORRECTED = (AccountStatus.ACTIVE, AccountStatus.DORMANT, AccountStatus.CLOSING)


def in_state(locked: Locked, account_id: UUID, amount: Money, states: Collection[str]) -> SavingsAccount:
    """The account that is locked, in one of these states and in the amount's currency. Raises AmountNotAccepted, AccountNotOpen."""
    row = locked.one(SavingsAccount, account_id)
    if amount.minor <= 0 or amount.currency.code != row.currency:
        raise AmountNotAccepted(number=row.number, currency=row.currency)
    if row.status not in states:
        raise AccountNotOpen(number=row.number, status=row.status)
    return row


def require_awake(row: SavingsAccount, day: date) -> None:
    """Raise CoolingOff while an account that was dormant does not pay out yet."""
    if row.debits_from is not None and day < row.debits_from:
        raise CoolingOff(number=row.number, day=format_date(row.debits_from))


def credit(
    session: Session, locked: Locked, account_id: UUID, amount: Money, day: date, *, giving_back: bool = False
) -> Movement:
    """Add to a locked account; `giving_back` is for reversals. The first money in is at least the product's minimum.

    Raises AccountNotOpen, AmountNotAccepted, FirstDepositTooSmall.
    """
    row = in_state(locked, account_id, amount, CORRECTED if giving_back else TAKES_IN)
    least = queries.products(session)[row.product_code].min_opening_minor
    if row.last_activity_on is None and not giving_back and amount.minor < least:
        raise FirstDepositTooSmall(number=row.number, least=Money(least, amount.currency))
    row.ledger_balance_minor += amount.minor
    row.last_activity_on = day
    return _movement(session, row)


def debit(
    session: Session, locked: Locked, account_id: UUID, amount: Money, day: date, *, keep_minimum: bool = True
) -> Movement:
    """Take from a locked account what is available; a reversal may go below the minimum, never below what is held.

    An account that is being closed is closed by the debit that empties it; one that a reversal empties is as new.
    Raises AccountNotOpen, MemberBarred, InsufficientFunds, CoolingOff.
    """
    row = in_state(locked, account_id, amount, PAYS_OUT if keep_minimum else CORRECTED)
    if keep_minimum:
        members.require_not_barred(session, row.member_id)
        require_awake(row, day)
    currency = CURRENCIES[row.currency]
    least = queries.minimum_of(row, queries.products(session)[row.product_code]) if keep_minimum else 0
    minimum = Money(least, currency)
    ledger_balance, held = Money(row.ledger_balance_minor, currency), Money(row.held_minor, currency)
    rules.check_available(ledger_balance, held, minimum, amount)
    row.ledger_balance_minor -= amount.minor
    row.last_activity_on = day if row.ledger_balance_minor or keep_minimum else None
    if row.status == AccountStatus.CLOSING and row.ledger_balance_minor == 0:
        row.status, row.closed_on = AccountStatus.CLOSED, day
    return _movement(session, row)


def pay_out(session: Session, locked: Locked, account_id: UUID, amount: Money, day: date) -> Movement:
    """Take from a locked account of a member who died, for an heir: no minimum, no fee, never what is held.

    The payout that empties the account closes it. Raises AccountNotOpen, InsufficientFunds.
    """
    row = in_state(locked, account_id, amount, CORRECTED)
    balance, held = (Money(minor, amount.currency) for minor in (row.ledger_balance_minor, row.held_minor))
    rules.check_available(balance, held, Money.zero(amount.currency), amount)
    row.ledger_balance_minor -= amount.minor
    row.last_activity_on = day
    if row.ledger_balance_minor == 0:
        row.status, row.closed_on = AccountStatus.CLOSED, day
    return _movement(session, row)


def leg(name: str, movement: Movement, *, debit: Money | None = None, credit: Money | None = None) -> Leg:
    """A journal leg on the account that was moved."""
    subledger = Subledger(SUBLEDGER, movement.account_id)
    return Leg(
        name,
        debit=debit,
        credit=credit,
        subledger=subledger,
        member_id=movement.member_id,
        branch_id=movement.branch_id,
    )
