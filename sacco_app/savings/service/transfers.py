"""Money from one account to another (J-43), asked for by staff or by the member on the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import service as approvals
from sacco_app.kernel import idempotency, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import Money
from sacco_app.ledger import service as ledger
from sacco_app.ledger.types import JournalDraft
from sacco_app.members import pins
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries
from sacco_app.savings.errors import ReceiverCannotTake, SameAccount, SecondPersonNeeded, TransferToOthersOff
from sacco_app.savings.models import SavingsAccount
from sacco_app.savings.service.moving import account_lock, credit, debit, leg
from sacco_app.savings.service.own import require_colleague
from sacco_app.savings.types import (
    AccountFacts,
    AccountStatus,
    AskedTransfer,
    Movement,
    PendingTransfer,
    SavingsPermission,
    Transfer,
)
from sacco_app.transactions import queries as transaction_queries
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import Charge, Leaving, TransactionDraft, TransactionFacts, TransactionKind

TRANSFER = "savings.transfer"
TO_OTHERS = "transfer.member.to_others"


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that has gone from one account to another, to be posted."""

    id: UUID
    day: date
    taken: Movement
    given: Movement
    amount: Money
    charge: Charge
    narration: str
    checker_id: UUID | None
    event: str = "J-43"
    kind: TransactionKind = TransactionKind.TRANSFER


def transfer(session: Session, actor: Actor, clock: Clock, command: Transfer) -> TransactionFacts:
    """Move money between two accounts (J-43). Locks both, sorted.

    Staff need the permission and the branch of the paying account. A member on the API or USSD (`actor.is_member`) pays
    from own accounts alone, to own ones or, where the parameter `transfer.member.to_others` says yes, to another
    member's. Keys of members are their own: two members may use the same. Raises SameAccount, InsufficientFunds,
    AboveLimit, AccountNotOpen, NotFound, MemberNotActive, TransferToOthersOff, ReceiverCannotTake, PhoneChangedLately,
    IdempotencyKeyReused,
    and for staff OwnAccount, SecondPersonNeeded (see `ask_transfer`).
    """
    if not actor.is_member:
        actor.require(SavingsPermission.TRANSFER_MAKE)
    transaction_id = new_id()
    claim = _claim(session, actor, command, transaction_id)
    if claim.replayed:
        done = _earlier(session, claim)
        if isinstance(done, PendingTransfer):
            raise SecondPersonNeeded(amount=command.amount)
        return done
    if not actor.is_member and _checkers_needed(session, actor, clock, command):
        raise SecondPersonNeeded(amount=command.amount)
    return carry_out(session, actor, clock, command, transaction_id)


def ask_transfer(session: Session, actor: Actor, clock: Clock, command: Transfer) -> TransactionFacts | PendingTransfer:
    """What staff do: move the money, or with a large amount let it wait for a second person with the money held.

    Raises as `transfer` does.
    """
    actor.require(SavingsPermission.TRANSFER_MAKE)
    require_colleague(session, actor, command.from_account_id, command.to_account_id)
    transaction_id = new_id()
    claim = _claim(session, actor, command, transaction_id)
    if claim.replayed:
        return _earlier(session, claim)
    required = _checkers_needed(session, actor, clock, command)
    if not required:
        return carry_out(session, actor, clock, command, transaction_id)
    asked = AskedTransfer(command, actor.user_id)
    approvals.submit(session, actor, clock, TRANSFER, asked, command.narration, required, request_id=transaction_id)
    return PendingTransfer(transaction_id)


def _checkers_needed(session: Session, actor: Actor, clock: Clock, command: Transfer) -> int:
    """How many must agree to a transfer of staff. Locks both accounts. Raises SameAccount."""
    if command.from_account_id == command.to_account_id:
        raise SameAccount
    locks.acquire(session, [account_lock(command.from_account_id, command.to_account_id)])
    source = queries.get_account(session, Actor.system(), command.from_account_id)
    day = organisation.business_date(session, source.branch_id)
    return transactions.checkers_needed(session, actor, clock, leaving(source, command.amount, day))


def leaving(source: AccountFacts, amount: Money, day: date) -> Leaving:
    """What a transfer takes from the paying account, as the sum of a member's day counts it."""
    return Leaving(TRANSFER, TransactionKind.TRANSFER, amount, day, source.branch_id, source.member_id)


def _earlier(session: Session, claim: idempotency.Claim) -> TransactionFacts | PendingTransfer:
    """What came of the same command when it arrived first."""
    earlier = UUID(claim.result_ref.removeprefix("approval:"))
    return transaction_queries.find_facts(session, earlier) or PendingTransfer(earlier)


def _claim(session: Session, actor: Actor, command: Transfer, transaction_id: UUID) -> idempotency.Claim:
    return idempotency.claim(
        session, TRANSFER, _key(actor, command), command, result_ref=str(transaction_id), actor_id=actor.user_id
    )


def carry_out(
    session: Session,
    actor: Actor,
    clock: Clock,
    command: Transfer,
    transaction_id: UUID,
    checker_id: UUID | None = None,
) -> TransactionFacts:
    """Lock, check and move; `actor` is who asked, `checker_id` who allowed it."""
    if command.from_account_id == command.to_account_id:
        raise SameAccount
    locked = locks.acquire(session, [account_lock(command.from_account_id, command.to_account_id)])
    source = locked.one(SavingsAccount, command.from_account_id)
    target = locked.one(SavingsAccount, command.to_account_id)
    day = organisation.business_date(session, source.branch_id)
    _require_authority(session, actor, clock, source, target, day)
    transactions.check_limits(
        session,
        actor,
        clock,
        TransactionKind.TRANSFER,
        command.amount,
        day,
        account_id=source.id,
        member_id=source.member_id,
    )
    amount = command.amount
    charge = _charge(session, actor, source, amount, day)
    taken = debit(session, locked, source.id, amount + charge.total, day)
    given = credit(session, locked, target.id, amount, day)
    narration = command.narration or f"Transfer from {source.number} to {target.number}"
    return post(session, actor, clock, Moved(transaction_id, day, taken, given, amount, charge, narration, checker_id))


def _charge(session: Session, actor: Actor, source: SavingsAccount, amount: Money, day: date) -> Charge:
    account = queries.facts(session, source)
    return queries.charge_for(session, account, TransactionKind.TRANSFER, amount, day, actor.channel)


def _key(actor: Actor, command: Transfer) -> str:
    if actor.is_member and actor.member_id:
        return f"{actor.member_id.hex}:{command.idempotency_key}"
    return command.idempotency_key


def _require_authority(
    session: Session, actor: Actor, clock: Clock, source: SavingsAccount, target: SavingsAccount, day: date
) -> None:
    """Whether this actor may move money between these accounts."""
    if not actor.is_member or actor.member_id is None:
        actor.require_branch(source.branch_id)
        require_colleague(session, actor, source.id, target.id)
        return
    if source.member_id != actor.member_id:
        raise NotFound(what="savings account")
    members.require_active(session, actor.member_id)
    if target.member_id == actor.member_id:
        return
    if organisation.parameter(session, TO_OTHERS, day).value != "yes":
        raise TransferToOthersOff
    pins.require_settled_phone(session, clock, actor.member_id)
    if target.status != AccountStatus.ACTIVE:
        raise ReceiverCannotTake(number=target.number)


def post(session: Session, actor: Actor, clock: Clock, moved: Moved) -> TransactionFacts:
    """Write down what was moved: journal, transaction, event."""
    taken, given, charge = moved.taken, moved.given, moved.charge
    legs = (
        leg("from", taken, debit=moved.amount + charge.total),
        leg("to", given, credit=moved.amount),
        *transactions.charge_legs(charge, taken.branch_id),
    )
    journal = ledger.post_journal(
        session,
        actor,
        clock,
        JournalDraft(
            moved.event,
            str(moved.id),
            moved.day,
            taken.branch_id,
            moved.amount.currency,
            moved.narration,
            legs,
            product=taken.product_code,
            transaction_id=moved.id,
            checker_id=moved.checker_id,
        ),
    )
    draft = TransactionDraft(
        id=moved.id,
        kind=moved.kind,
        branch_id=taken.branch_id,
        business_date=moved.day,
        amount=moved.amount,
        charge=charge,
        narration=moved.narration,
        member_id=taken.member_id,
        member_name=taken.member_name,
        member_number=taken.member_number,
        account_id=taken.account_id,
        account_number=taken.account_number,
        other_account_id=given.account_id,
        other_account_number=given.account_number,
        balance_after=taken.balance_after,
        party_name=given.member_name,
        journal_id=journal.id,
    )
    return transactions.record(session, actor, clock, draft)
