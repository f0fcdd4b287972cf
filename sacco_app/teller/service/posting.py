"""What every movement of cash shares: the locked till session, the next receipt, the journal and the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from sacco_app.kernel import appends, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.kernel.money import CURRENCIES, Currency, Money
from sacco_app.ledger import service as ledger
from sacco_app.ledger.types import JournalDraft, Leg, Subledger
from sacco_app.organisation import queries as organisation
from sacco_app.savings.types import Movement
from sacco_app.teller.errors import TillNotOpen, TillSuspended
from sacco_app.teller.models import CashDeclaration, TillSession, Vault
from sacco_app.teller.types import TillState
from sacco_app.transactions import rules as transaction_rules
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import Charge, TransactionDraft, TransactionFacts, TransactionKind

TILL, VAULT = "till", "vault"
NARRATIONS = {
    "J-01": "Float to till",
    "J-02": "Cash to vault from till",
    "J-03": "Cash to another till from till",
    "J-06": "Till short",
    "J-07": "Till over",
}


@dataclass(frozen=True, slots=True)
class Cash:
    """One movement to be posted."""

    id: UUID
    event: str
    kind: TransactionKind
    amount: Money
    charge: Charge
    narration: str
    legs: tuple[Leg, ...]
    movement: Movement | None = None
    party_name: str = ""
    party_phone: str = ""
    source: str = ""
    authority: str = ""


_OPENED = (
    select(TillSession)
    .where(TillSession.teller_id == bindparam("teller"), TillSession.state == TillState.OPENED)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def open_session(session: Session, actor: Actor) -> TillSession:
    """The actor's open till session, locked. Raises TillNotOpen, TillSuspended."""
    row = session.scalars(_OPENED, {"teller": actor.user_id}).first()
    if row is None:
        on_break = (TillSession.teller_id == actor.user_id, TillSession.state == TillState.SUSPENDED)
        raise TillSuspended if session.scalar(select(TillSession.id).where(*on_break)) else TillNotOpen
    return row


def locked_session(session: Session, session_id: UUID) -> TillSession:
    """A till session, locked. Raises NotFound."""
    request = LockRequest(LockRank.TILL_SESSION, TillSession, (session_id,))
    return locks.acquire(session, [request]).one(TillSession, session_id)


def vault_of(session: Session, branch_id: UUID) -> Vault:
    """The branch's vault, locked; made when the branch has none. Taken before till sessions."""
    query = (
        select(Vault).where(Vault.branch_id == branch_id).with_for_update().execution_options(populate_existing=True)
    )
    row = session.scalars(query).first()
    if row is None:
        currency = organisation.get_profile(session).currency.code
        row = Vault(id=new_id(), branch_id=branch_id, currency=currency, balance_minor=0)
        session.add(row)
        session.flush()
    return row


def currency_of(row: TillSession | Vault) -> Currency:
    """The currency that this till or vault holds."""
    return CURRENCIES[row.currency]


def till_leg(name: str, row: TillSession, *, debit: Money | None = None, credit: Money | None = None) -> Leg:
    """A leg of a journal that moves this till's cash."""
    return Leg(name, debit=debit, credit=credit, subledger=Subledger(TILL, row.till_id), branch_id=row.branch_id)


def vault_leg(name: str, row: Vault, *, debit: Money | None = None, credit: Money | None = None) -> Leg:
    """A leg of a journal that moves this vault's cash."""
    return Leg(name, debit=debit, credit=credit, subledger=Subledger(VAULT, row.id), branch_id=row.branch_id)


def post(session: Session, actor: Actor, clock: Clock, till: TillSession, cash: Cash) -> TransactionFacts:
    """Post the journal and record the transaction with the till's next receipt number."""
    till.receipts += 1
    moved = cash.movement
    journal = ledger.post_journal(
        session,
        actor,
        clock,
        JournalDraft(
            cash.event,
            str(cash.id),
            till.business_date,
            till.branch_id,
            cash.amount.currency,
            cash.narration,
            cash.legs,
            product=moved.product_code if moved else None,
            transaction_id=cash.id,
        ),
    )
    draft = TransactionDraft(
        id=cash.id,
        kind=cash.kind,
        branch_id=till.branch_id,
        business_date=till.business_date,
        amount=cash.amount,
        charge=cash.charge,
        narration=cash.narration,
        member_id=moved.member_id if moved else None,
        member_name=moved.member_name if moved else "",
        member_number=moved.member_number if moved else "",
        account_id=moved.account_id if moved else None,
        account_number=moved.account_number if moved else "",
        balance_after=moved.balance_after if moved else None,
        till_session_id=till.id,
        till_code=till.till_code,
        receipt_number=transaction_rules.receipt_number(till.till_code, till.business_date, till.receipts),
        party_name=cash.party_name,
        party_phone=cash.party_phone,
        journal_id=journal.id,
    )
    if cash.source or cash.authority:
        appends.append(
            session,
            CashDeclaration,
            transaction_id=cash.id,
            branch_id=till.branch_id,
            business_date=till.business_date,
            source=cash.source,
            authority=cash.authority,
        )
    return transactions.record(session, actor, clock, draft)


def move_cash(
    session: Session,
    actor: Actor,
    clock: Clock,
    till: TillSession,
    event: str,
    kind: TransactionKind,
    amount: Money,
    legs: tuple[Leg, ...],
) -> TransactionFacts:
    """Post cash that touches no member: floats, returns, differences. It gets the till's next receipt number."""
    words = f"{NARRATIONS[event]} {till.till_code}"
    return post(
        session, actor, clock, till, Cash(new_id(), event, kind, amount, Charge.none(amount.currency), words, legs)
    )
