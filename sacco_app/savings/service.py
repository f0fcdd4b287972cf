"""Changes of the savings room. `credit` and `debit` move a locked account; the caller posts the journal."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import idempotency, locks, reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import Locked, LockRank, LockRequest
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger import service as ledger
from sacco_app.ledger.types import JournalDraft, Leg, Subledger
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries, rules
from sacco_app.savings.errors import AccountNotOpen, AlreadyHeld, AmountNotAccepted, ProductClosed, SameAccount
from sacco_app.savings.models import ACCOUNT_NUMBERS, SavingsAccount, SavingsHold, SavingsProduct
from sacco_app.savings.types import (
    AccountStatus,
    Movement,
    OpenAccount,
    SaveProduct,
    SavingsPermission,
    Transfer,
)
from sacco_app.transactions import queries as transaction_queries
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import TransactionDraft, TransactionFacts, TransactionKind

SUBLEDGER = "savings_account"


def account_lock(*account_ids: UUID) -> LockRequest:
    """What to lock before an account is moved."""
    return LockRequest(LockRank.SAVINGS_ACCOUNT, SavingsAccount, account_ids)


def _movement(session: Session, row: SavingsAccount) -> Movement:
    number, name = members.label(session, row.member_id)
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


def _open(locked: Locked, account_id: UUID, amount: Money) -> SavingsAccount:
    row = locked.one(SavingsAccount, account_id)
    if amount.minor <= 0 or amount.currency.code != row.currency:
        raise AmountNotAccepted(number=row.number, currency=row.currency)
    if row.status != AccountStatus.ACTIVE:
        raise AccountNotOpen(number=row.number, status=row.status)
    return row


def credit(session: Session, locked: Locked, account_id: UUID, amount: Money, day: date) -> Movement:
    """Add to a locked account. Raises AccountNotOpen, AmountNotAccepted."""
    row = _open(locked, account_id, amount)
    row.ledger_balance_minor += amount.minor
    row.last_activity_on = day
    return _movement(session, row)


def debit(
    session: Session, locked: Locked, account_id: UUID, amount: Money, day: date, *, keep_minimum: bool = True
) -> Movement:
    """Take from a locked account what is available; a reversal may go below the minimum, never below what is held.

    Raises AccountNotOpen, InsufficientFunds.
    """
    row = _open(locked, account_id, amount)
    currency = CURRENCIES[row.currency]
    least = queries.products(session)[row.product_code].min_balance_minor if keep_minimum else 0
    minimum = Money(least, currency)
    ledger_balance, held = Money(row.ledger_balance_minor, currency), Money(row.held_minor, currency)
    rules.check_available(ledger_balance, held, minimum, amount)
    row.ledger_balance_minor -= amount.minor
    row.last_activity_on = day
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


def open_account(session: Session, actor: Actor, clock: Clock, command: OpenAccount) -> UUID:
    """Open an account for an active member. Raises MemberNotActive, ProductClosed."""
    actor.require(SavingsPermission.ACCOUNT_OPEN)
    account_id = new_id()
    if command.idempotency_key:
        claim = idempotency.claim(
            session,
            "savings.open",
            command.idempotency_key,
            command,
            result_ref=str(account_id),
            actor_id=actor.user_id,
        )
        if claim.replayed:
            return UUID(claim.result_ref)
    member = members.require_active(session, command.member_id)
    actor.require_branch(member.branch_id)
    product = queries.products(session).get(command.product_code)
    if product is None or not product.is_active:
        raise ProductClosed
    branch = organisation.get_branch(session, member.branch_id)
    session.add(
        SavingsAccount(
            id=account_id,
            number=f"{product.code}-{session.scalar(ACCOUNT_NUMBERS):06d}",
            product_id=product.id,
            product_code=product.code,
            member_id=member.id,
            branch_id=member.branch_id,
            currency=product.currency,
            status=AccountStatus.ACTIVE,
            ledger_balance_minor=0,
            held_minor=0,
            opened_on=branch.business_date,
        )
    )
    return account_id


def place_hold(
    session: Session, actor: Actor, clock: Clock, account_id: UUID, amount: Money, reason: str, held_for: UUID
) -> None:
    """Keep an amount on an account from being used. Raises InsufficientFunds, AlreadyHeld."""
    if session.scalar(select(SavingsHold.id).where(SavingsHold.reference == held_for)):
        raise AlreadyHeld
    row = _open(locks.acquire(session, [account_lock(account_id)]), account_id, amount)
    currency = CURRENCIES[row.currency]
    minimum = Money(queries.products(session)[row.product_code].min_balance_minor, currency)
    rules.check_available(Money(row.ledger_balance_minor, currency), Money(row.held_minor, currency), minimum, amount)
    row.held_minor += amount.minor
    session.add(
        SavingsHold(
            account_id=account_id, amount_minor=amount.minor, reason=reason, reference=held_for, placed_at=clock.now()
        )
    )


def release_hold(session: Session, actor: Actor, clock: Clock, held_for: UUID) -> None:
    """Let a held amount go; a second time does nothing."""
    account_id = session.scalar(select(SavingsHold.account_id).where(SavingsHold.reference == held_for))
    if account_id is None:
        return
    row = locks.acquire(session, [account_lock(account_id)]).one(SavingsAccount, account_id)
    hold = session.scalars(select(SavingsHold).where(SavingsHold.reference == held_for)).one()
    if hold.released_at is None:
        hold.released_at = clock.now()
        row.held_minor -= hold.amount_minor


def transfer(session: Session, actor: Actor, clock: Clock, command: Transfer) -> TransactionFacts:
    """Move money between two accounts (J-43). Locks both, sorted. Raises SameAccount, InsufficientFunds."""
    actor.require(SavingsPermission.TRANSFER_MAKE)
    transaction_id = new_id()
    claim = idempotency.claim(
        session,
        "savings.transfer",
        command.idempotency_key,
        command,
        result_ref=str(transaction_id),
        actor_id=actor.user_id,
    )
    if claim.replayed:
        return transaction_queries.get_facts(session, UUID(claim.result_ref), replayed=True)
    if command.from_account_id == command.to_account_id:
        raise SameAccount
    locked = locks.acquire(session, [account_lock(command.from_account_id, command.to_account_id)])
    source = locked.one(SavingsAccount, command.from_account_id)
    actor.require_branch(source.branch_id)
    day = organisation.business_date(session, source.branch_id)
    fee = transaction_queries.fee_for(session, TransactionKind.TRANSFER, source.product_code, command.amount)
    taken = debit(session, locked, command.from_account_id, command.amount + fee, day)
    given = credit(session, locked, command.to_account_id, command.amount, day)
    narration = command.narration or f"To {given.account_number}"
    return _post_transfer(session, actor, clock, transaction_id, day, (taken, given), (command.amount, fee), narration)


def _post_transfer(
    session: Session,
    actor: Actor,
    clock: Clock,
    transaction_id: UUID,
    day: date,
    moved: tuple[Movement, Movement],
    figures: tuple[Money, Money],
    narration: str,
) -> TransactionFacts:
    (taken, given), (amount, fee) = moved, figures
    legs = (
        leg("from", taken, debit=amount + fee),
        leg("to", given, credit=amount),
        Leg("fee", credit=fee, branch_id=taken.branch_id),
    )
    journal = ledger.post_journal(
        session,
        actor,
        clock,
        JournalDraft(
            "J-43",
            str(transaction_id),
            day,
            taken.branch_id,
            amount.currency,
            narration,
            legs,
            product=taken.product_code,
            transaction_id=transaction_id,
        ),
    )
    draft = TransactionDraft(
        id=transaction_id,
        kind=TransactionKind.TRANSFER,
        branch_id=taken.branch_id,
        business_date=day,
        amount=amount,
        fee=fee,
        narration=narration,
        member_id=taken.member_id,
        member_name=taken.member_name,
        member_number=taken.member_number,
        account_id=taken.account_id,
        account_number=taken.account_number,
        balance_after=taken.balance_after,
        party_name=given.member_name,
        journal_id=journal.id,
    )
    return transactions.record(session, actor, clock, draft)


def save_product(session: Session, actor: Actor, clock: Clock, command: SaveProduct) -> None:
    """Change a product's name and limits; accounts follow at once."""
    actor.require(SavingsPermission.PRODUCT_EDIT)
    row = session.scalars(select(SavingsProduct).where(SavingsProduct.code == command.code).with_for_update()).one()
    row.name, row.is_active = command.name, command.is_active
    row.min_balance_minor, row.min_opening_minor = command.min_balance_minor, command.min_opening_minor
    reference.bump(session)
