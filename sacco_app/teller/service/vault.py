"""The vault and the bank: cash fetched (J-09), cash sent and arrived (J-08). Two custodians stand behind each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import idempotency, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.kernel.nudges import branch_room, nudge
from sacco_app.ledger import service as ledger
from sacco_app.ledger.types import JournalDraft, Leg, Perm
from sacco_app.organisation import queries as organisation
from sacco_app.teller import queries, rules
from sacco_app.teller.errors import AlreadyBanked, NothingCounted, OwnSlip, VaultShortOfCash
from sacco_app.teller.models import Banking, Vault
from sacco_app.teller.service.posting import vault_leg, vault_of
from sacco_app.teller.types import BankCash, BankingState, EnterSlip, FundVault, TellerPermission
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import Charge, TransactionDraft, TransactionKind

FUND, BANK = "teller.fund-vault", "teller.bank-cash"
SLIP = (TellerPermission.VAULT_OPERATE, TellerPermission.VAULT_APPROVE, Perm.JOURNAL_POST)


@dataclass(frozen=True, slots=True)
class VaultCash:
    """One movement of a vault to be posted. `maker_id` is who asked, `checker_id` the second custodian."""

    event: str
    kind: TransactionKind
    amount: Money
    narration: str
    legs: tuple[Leg, ...]
    maker_id: UUID
    checker_id: UUID | None = None
    party: str = ""


def post_vault(session: Session, actor: Actor, clock: Clock, branch_id: UUID, cash: VaultCash) -> UUID:
    """Post the journal and record the transaction on the branch's business date. Returns the transaction's id."""
    transaction_id, day = new_id(), organisation.business_date(session, branch_id)
    journal = ledger.post_journal(
        session,
        actor,
        clock,
        JournalDraft(
            cash.event,
            str(transaction_id),
            day,
            branch_id,
            cash.amount.currency,
            cash.narration,
            cash.legs,
            transaction_id=transaction_id,
            maker_id=cash.maker_id,
            checker_id=cash.checker_id,
        ),
    )
    draft = TransactionDraft(
        id=transaction_id,
        kind=cash.kind,
        branch_id=branch_id,
        business_date=day,
        amount=cash.amount,
        charge=Charge.none(cash.amount.currency),
        narration=cash.narration,
        party_name=cash.party,
        journal_id=journal.id,
    )
    transactions.record(session, actor, clock, draft)
    nudge(session, branch_room(branch_id), "till")
    return transaction_id


def maker_of(session: Session, actor: Actor, request_id: UUID) -> UUID:
    """Who asked for what is carried out now."""
    return approval_queries.get_request(session, actor, request_id).maker_id


def _ask(session: Session, actor: Actor, clock: Clock, kind: str, command: FundVault | BankCash, reason: str) -> UUID:
    """Let a movement of the vault wait for the second custodian. Returns the request's id."""
    actor.require(TellerPermission.VAULT_OPERATE)
    actor.require_branch(command.branch_id)
    request_id = new_id()
    claim = idempotency.claim(
        session, kind, command.idempotency_key, command, result_ref=str(request_id), actor_id=actor.user_id
    )
    if claim.replayed:
        return UUID(claim.result_ref)
    return approvals.submit(session, actor, clock, kind, command, reason, request_id=request_id)


def _branch_name(session: Session, branch_id: UUID) -> str:
    return organisation.get_branch(session, branch_id).name


def ask_fund_vault(session: Session, actor: Actor, clock: Clock, command: FundVault) -> UUID:
    """Cash is fetched from the bank: it waits until the second custodian has counted it. Returns the request's id."""
    return _ask(session, actor, clock, FUND, command, command.narration)


def describe_fund_vault(session: Session, command: FundVault) -> Description:
    """What the second custodian is shown of cash from the bank."""
    vault = queries.vault_of(session, command.branch_id)
    before = Money(vault.balance_minor if vault else 0, command.amount.currency)
    effects = (
        ("Vault", _branch_name(session, command.branch_id)),
        ("In the vault before", str(before)),
        ("In the vault afterwards", str(before + command.amount)),
        ("Order or cheque", command.narration or "–"),
    )
    return Description(f"{command.amount} from the bank into the vault", command.branch_id, command.amount, effects)


def execute_fund_vault(session: Session, actor: Actor, clock: Clock, command: FundVault, request_id: UUID) -> str:
    """The second custodian has counted: the cash is in the vault (J-09)."""
    vault = vault_of(session, command.branch_id)
    vault.balance_minor += command.amount.minor
    legs = (
        vault_leg("vault", vault, debit=command.amount),
        Leg("bank", credit=command.amount, branch_id=command.branch_id),
    )
    words = command.narration or "Cash from the bank"
    maker = maker_of(session, actor, request_id)
    cash = VaultCash("J-09", TransactionKind.VAULT_FUNDING, command.amount, words, legs, maker, actor.user_id)
    return f"/transactions/{post_vault(session, actor, clock, command.branch_id, cash)}"


def _amount(session: Session, command: BankCash) -> Money:
    return Money(rules.counted(command.counts), organisation.get_profile(session).currency)


def _require_cash(vault: Vault | None, amount: Money) -> None:
    if vault is None or vault.balance_minor < amount.minor:
        raise VaultShortOfCash(amount=amount)


def ask_bank_cash(session: Session, actor: Actor, clock: Clock, command: BankCash) -> UUID:
    """Too much cash is counted for the bank: it leaves when a second custodian agrees. Returns the request's id.

    Raises NothingCounted, VaultShortOfCash.
    """
    amount = _amount(session, command)
    if not amount:
        raise NothingCounted
    _require_cash(queries.vault_of(session, command.branch_id), amount)
    return _ask(session, actor, clock, BANK, command, f"Carried by {command.carrier}")


def describe_bank_cash(session: Session, command: BankCash) -> Description:
    """What the second custodian is shown of cash for the bank."""
    amount, vault = _amount(session, command), queries.vault_of(session, command.branch_id)
    before = Money(vault.balance_minor if vault else 0, amount.currency)
    effects = (
        ("Vault", _branch_name(session, command.branch_id)),
        ("Carried by", command.carrier),
        ("In notes and coins", rules.counts_in_words(command.counts, amount.currency)),
        ("In the vault before", str(before)),
        ("In the vault afterwards", str(before - amount)),
    )
    return Description(f"{amount} from the vault to the bank", command.branch_id, amount, effects)


def execute_bank_cash(session: Session, actor: Actor, clock: Clock, command: BankCash, request_id: UUID) -> str:
    """The cash leaves the vault and is on its way (J-08, first part). Raises VaultShortOfCash."""
    vault, amount = vault_of(session, command.branch_id), _amount(session, command)
    _require_cash(vault, amount)
    vault.balance_minor -= amount.minor
    maker = maker_of(session, actor, request_id)
    legs = (Leg("transit", debit=amount, branch_id=command.branch_id), vault_leg("vault", vault, credit=amount))
    words = f"Cash to the bank, carried by {command.carrier}"
    cash = VaultCash("J-08", TransactionKind.VAULT_BANKING, amount, words, legs, maker, actor.user_id, command.carrier)
    row = Banking(
        id=new_id(),
        branch_id=command.branch_id,
        business_date=organisation.business_date(session, command.branch_id),
        currency=amount.currency.code,
        state=BankingState.IN_TRANSIT,
        counts=[list(pair) for pair in command.counts],
        amount_minor=amount.minor,
        carrier=command.carrier,
        sent_by=maker,
        agreed_by=actor.user_id,
        sent_at=clock.now(),
        transaction_id=post_vault(session, actor, clock, command.branch_id, cash),
        slip_number="",
    )
    session.add(row)
    return f"/teller/bankings/{row.id}"


def locked_banking(session: Session, banking_id: UUID) -> Banking:
    """Cash that was sent to the bank, locked. Raises NotFound."""
    request = LockRequest(LockRank.BANKING, Banking, (banking_id,))
    return locks.acquire(session, [request]).one(Banking, banking_id)


def enter_slip(session: Session, actor: Actor, clock: Clock, command: EnterSlip) -> UUID:
    """The bank has the cash (J-08, second part); what it counted less or more is short or over.

    Neither of the two who let it go enters it. Returns the transaction's id. Raises AlreadyBanked, OwnSlip, NotFound.
    """
    if not any(actor.may(permission) for permission in SLIP):
        raise NotPermitted(permission=TellerPermission.VAULT_OPERATE)
    queries.get_banking(session, actor, command.banking_id)
    claim = idempotency.claim(
        session,
        "teller.enter-slip",
        command.idempotency_key,
        command,
        result_ref=str(command.banking_id),
        actor_id=actor.user_id,
    )
    row = locked_banking(session, command.banking_id)
    if claim.replayed and row.slip_transaction_id:
        return row.slip_transaction_id
    if row.state != BankingState.IN_TRANSIT:
        raise AlreadyBanked
    if actor.user_id in (row.sent_by, row.agreed_by):
        raise OwnSlip
    sent = Money(row.amount_minor, CURRENCIES[row.currency])
    missing = sent - command.amount
    branch = row.branch_id
    legs = (
        Leg("bank", debit=command.amount, branch_id=branch),
        Leg("shortage", debit=max(missing, Money.zero(sent.currency)), branch_id=branch),
        Leg("overage", credit=max(-missing, Money.zero(sent.currency)), branch_id=branch),
        Leg("transit", credit=sent, branch_id=branch),
    )
    words = f"Bank slip {command.slip_number}"
    kind = TransactionKind.VAULT_BANKED
    cash = VaultCash("J-08", kind, command.amount, words, legs, actor.user_id, party=row.carrier)
    row.state, row.slip_number, row.slip_minor = BankingState.BANKED, command.slip_number, command.amount.minor
    row.banked_by, row.banked_at = actor.user_id, clock.now()
    row.slip_transaction_id = post_vault(session, actor, clock, branch, cash)
    return row.slip_transaction_id
