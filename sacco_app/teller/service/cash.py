"""Cash in and out at the counter (J-04, J-05)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import idempotency, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import Locked
from sacco_app.kernel.money import Money
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries as savings_queries
from sacco_app.savings import service as savings
from sacco_app.savings.types import AccountFacts, Movement
from sacco_app.teller import rules
from sacco_app.teller.errors import TillShortOfCash
from sacco_app.teller.models import TillSession
from sacco_app.teller.service.posting import Cash, open_session, post, till_leg
from sacco_app.teller.types import CashDeposit, CashWithdrawal, PendingApproval, TellerPermission
from sacco_app.transactions import queries as transaction_queries
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import Charge, Leaving, TransactionFacts, TransactionKind

WITHDRAW = "teller.withdraw"
SOURCE_FROM = "cash.source_of_funds.from"


def deposit(session: Session, actor: Actor, clock: Clock, command: CashDeposit) -> TransactionFacts:
    """Take cash for a savings account (J-04). At most four statements; locks account, then till.

    Raises TillNotOpen, TillAboveLimit, AboveLimit, AccountNotOpen, PayerIncomplete, SourceNeeded, OwnAccount,
    IdempotencyKeyReused.
    """
    actor.require(TellerPermission.TILL_OPERATE)
    rules.check_payer(command.party_name, command.party_phone)
    transaction_id = new_id()
    claim = idempotency.claim(
        session,
        "teller.deposit",
        command.idempotency_key,
        command,
        result_ref=str(transaction_id),
        actor_id=actor.user_id,
    )
    if claim.replayed:
        return transaction_queries.get_facts(session, UUID(claim.result_ref), replayed=True)
    locked = locks.acquire(session, [savings.account_lock(command.account_id)])
    till = open_session(session, actor)
    amount, day = command.amount, till.business_date
    rules.check_source(amount, source_limit(session, amount, day), command.source, command.narration)
    moved = savings.credit(session, locked, command.account_id, amount, day)
    savings.require_colleague_of(actor, moved.member_id)
    _check_limits(session, actor, clock, TransactionKind.DEPOSIT, amount, day, moved)
    product, channel = moved.product_code, actor.channel
    charge = transaction_queries.charge_for(
        session, TransactionKind.DEPOSIT, amount, day, product=product, channel=channel
    )
    if charge.total:
        moved = savings.debit(session, locked, command.account_id, charge.total, day, keep_minimum=False)
    till.balance_minor += amount.minor
    rules.check_till_limit(Money(till.balance_minor, amount.currency), Money(till.limit_minor, amount.currency))
    legs = (
        till_leg("cash", till, debit=amount),
        savings.leg("savings", moved, credit=amount),
        savings.leg("savings", moved, debit=charge.total),
        *transactions.charge_legs(charge, moved.branch_id),
    )
    cash = Cash(
        transaction_id,
        "J-04",
        TransactionKind.DEPOSIT,
        amount,
        charge,
        command.narration or "Cash deposit",
        legs,
        moved,
        command.party_name,
        command.party_phone,
        source=command.source,
    )
    return post(session, actor, clock, till, cash)


def source_limit(session: Session, amount: Money, day: date) -> Money:
    """From which amount on a deposit says where the money comes from."""
    return Money(int(organisation.parameter(session, SOURCE_FROM, day).number), amount.currency)


def withdraw(
    session: Session, actor: Actor, clock: Clock, command: CashWithdrawal
) -> TransactionFacts | PendingApproval:
    """Pay cash from a savings account (J-05), or let it wait for a second person with the amount held.

    Raises TillNotOpen, TillShortOfCash, InsufficientFunds, AboveLimit, AccountNotOpen, AuthorityNeeded, OwnAccount,
    IdempotencyKeyReused.
    """
    actor.require(TellerPermission.TILL_OPERATE)
    savings.require_colleague(session, actor, command.account_id)
    rules.check_payee(command.party_name, command.party_phone, command.authority)
    transaction_id = new_id()
    claim = idempotency.claim(
        session, WITHDRAW, command.idempotency_key, command, result_ref=str(transaction_id), actor_id=actor.user_id
    )
    if claim.replayed:
        earlier = UUID(claim.result_ref.removeprefix("approval:"))
        return transaction_queries.find_facts(session, earlier) or PendingApproval(earlier)
    locked = locks.acquire(session, [savings.account_lock(command.account_id)])
    till = open_session(session, actor)
    account = savings_queries.get_account(session, Actor.system(), command.account_id)
    leaving = _leaving(account, command.amount, till.business_date)
    required = transactions.checkers_needed(session, actor, clock, leaving)
    if required:
        approvals.submit(
            session, actor, clock, WITHDRAW, command, command.narration, required, request_id=transaction_id
        )
        return PendingApproval(transaction_id)
    charge = _charge(session, account, command.amount, till.business_date, actor.channel)
    return _pay(session, actor, clock, command, charge, transaction_id, locked, till)


def _leaving(account: AccountFacts, amount: Money, day: date) -> Leaving:
    return Leaving(WITHDRAW, TransactionKind.WITHDRAWAL, amount, day, account.branch_id, account.member_id)


def checkers_foreseen(
    session: Session, actor: Actor, clock: Clock, account: AccountFacts, amount: Money, day: date
) -> int:
    """How many must agree before this much is paid out, for the page that tells it before posting."""
    return transactions.checkers_foreseen(session, actor, clock, _leaving(account, amount, day))


def _pay(
    session: Session,
    actor: Actor,
    clock: Clock,
    command: CashWithdrawal,
    charge: Charge,
    transaction_id: UUID,
    locked: Locked,
    till: TillSession,
) -> TransactionFacts:
    amount, day = command.amount, till.business_date
    moved = savings.debit(session, locked, command.account_id, amount + charge.total, day)
    _check_limits(session, actor, clock, TransactionKind.WITHDRAWAL, amount, day, moved)
    if till.balance_minor < amount.minor:
        raise TillShortOfCash(amount=amount)
    till.balance_minor -= amount.minor
    legs = (
        savings.leg("savings", moved, debit=amount + charge.total),
        till_leg("cash", till, credit=amount),
        *transactions.charge_legs(charge, moved.branch_id),
    )
    cash = Cash(
        transaction_id,
        "J-05",
        TransactionKind.WITHDRAWAL,
        amount,
        charge,
        command.narration or "Cash withdrawal",
        legs,
        moved,
        command.party_name,
        command.party_phone,
        authority=command.authority,
    )
    return post(session, actor, clock, till, cash)


def _charge(session: Session, account: AccountFacts, amount: Money, day: date, channel: str = "counter") -> Charge:
    return savings_queries.charge_for(session, account, TransactionKind.WITHDRAWAL, amount, day, channel)


def _check_limits(
    session: Session, actor: Actor, clock: Clock, kind: TransactionKind, amount: Money, day: date, moved: Movement
) -> None:
    account_id, member_id = moved.account_id, moved.member_id
    transactions.check_limits(session, actor, clock, kind, amount, day, account_id=account_id, member_id=member_id)


def describe_withdrawal(session: Session, command: CashWithdrawal) -> Description:
    """What the approver of a withdrawal is shown."""
    account = savings_queries.get_account(session, Actor.system(), command.account_id)
    day = organisation.business_date(session, account.branch_id)
    charge = _charge(session, account, command.amount, day)
    number, name = members.label(session, account.member_id)
    effects = (
        ("Member", f"{number} {name}"),
        ("Account", account.number),
        ("Ledger balance", str(account.ledger_balance)),
        ("Available before", str(account.available)),
        *transactions.paid_before(session, _leaving(account, command.amount, day)),
        ("Fee", str(charge.fee)),
        ("Duty on the fee", str(charge.duty)),
        ("Balance after", str(account.ledger_balance - command.amount - charge.total)),
        ("Paid to", " · ".join(filter(None, (command.party_name, command.party_phone))) or "the member"),
        *((("Authority seen", command.authority),) if command.authority else ()),
    )
    summary = f"Pay {command.amount} from {account.number}, {name}"
    theirs = frozenset(access.users_of_member(session, account.member_id))
    url = f"/savings/accounts/{account.id}"
    return Description(summary, account.branch_id, command.amount, effects, url, theirs, account.member_id)


def withdrawal_submitted(
    session: Session, actor: Actor, clock: Clock, command: CashWithdrawal, request_id: UUID
) -> None:
    """Hold amount, fee and duty while the withdrawal waits. What is above a limit does not even wait."""
    account = savings_queries.get_account(session, Actor.system(), command.account_id)
    day, amount = organisation.business_date(session, account.branch_id), command.amount
    charge = _charge(session, account, command.amount, day)
    words = f"Withdrawal asked for by {actor.name} waits for approval"
    savings.place_hold(session, actor, clock, account.id, amount + charge.total, words, request_id)
    kind, owner = TransactionKind.WITHDRAWAL, account.member_id
    transactions.check_limits(session, actor, clock, kind, amount, day, account_id=account.id, member_id=owner)


def release_withdrawal(session: Session, actor: Actor, clock: Clock, command: CashWithdrawal, request_id: UUID) -> None:
    """The waiting is over: let the held amount go."""
    savings.release_hold(session, actor, clock, request_id)


def pay_approved(session: Session, actor: Actor, clock: Clock, command: CashWithdrawal, request_id: UUID) -> str:
    """The teller pays what was approved. The request's id becomes the transaction's. Returns the receipt's address.

    Raises as `withdraw` does, and MoreMustAgree.
    """
    savings.require_colleague(session, actor, command.account_id)
    locked = locks.acquire(session, [savings.account_lock(command.account_id)])
    till = open_session(session, actor)
    account = savings_queries.get_account(session, Actor.system(), command.account_id)
    leaving = _leaving(account, command.amount, till.business_date)
    transactions.require_agreed(session, actor, clock, leaving, request_id)
    charge = _charge(session, account, command.amount, till.business_date, actor.channel)
    facts = _pay(session, actor, clock, command, charge, request_id, locked, till)
    return f"/teller?posted={facts.id}"
