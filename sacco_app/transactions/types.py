"""Words of the transactions room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sacco_app.kernel.money import Currency, Money


class TransactionsPermission(StrEnum):
    TRANSACTION_VIEW = "transactions:transaction:view"
    TRANSACTION_REVERSE = "transactions:transaction:reverse"
    REVERSAL_APPROVE = "transactions:reversal:approve"
    FEE_EDIT = "transactions:fee:edit"
    LIMIT_EDIT = "transactions:limit:edit"
    RECEIPT_PRINT = "transactions:receipt:print"
    TARIFF_APPROVE = "transactions:tariff:approve"


class TransactionKind(StrEnum):
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    TRANSFER = "transfer"
    ESTATE_CASH = "estate_cash"
    ESTATE_TRANSFER = "estate_transfer"
    FLOAT_ISSUE = "float_issue"
    FLOAT_RETURN = "float_return"
    TILL_TRANSFER = "till_transfer"
    VAULT_FUNDING = "vault_funding"
    VAULT_BANKING = "vault_banking"
    VAULT_BANKED = "vault_banked"
    VAULT_SHORT = "vault_short"
    VAULT_OVER = "vault_over"
    TILL_SHORT = "till_short"
    TILL_OVER = "till_over"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Money that is to leave an account: by which kind of request and of transaction, on which business date, whose."""

    command_kind: str
    kind: TransactionKind
    amount: Money
    day: date
    branch_id: UUID
    member_id: UUID


TITLES = {
    TransactionKind.DEPOSIT: "Cash deposit",
    TransactionKind.WITHDRAWAL: "Cash withdrawal",
    TransactionKind.TRANSFER: "Transfer",
    TransactionKind.ESTATE_CASH: "Estate paid in cash",
    TransactionKind.ESTATE_TRANSFER: "Estate paid to an account",
    TransactionKind.FLOAT_ISSUE: "Float issued",
    TransactionKind.FLOAT_RETURN: "Float returned",
    TransactionKind.TILL_TRANSFER: "Cash from till to till",
    TransactionKind.VAULT_FUNDING: "Cash from bank to vault",
    TransactionKind.VAULT_BANKING: "Cash from vault to bank",
    TransactionKind.VAULT_BANKED: "Cash arrived at the bank",
    TransactionKind.VAULT_SHORT: "Vault short",
    TransactionKind.VAULT_OVER: "Vault over",
    TransactionKind.TILL_SHORT: "Till short",
    TransactionKind.TILL_OVER: "Till over",
    TransactionKind.REVERSAL: "Reversal",
}


PLURALS = {"deposit": "Deposits", "withdrawal": "Withdrawals", "transfer": "Transfers"}
CHANNELS = {"counter": "the counter", "api": "the API", "ussd": "USSD"}


class CountedFor(StrEnum):
    """Whose transactions of a day a limit adds up."""

    ACCOUNT = "account"
    MEMBER = "member"
    MAKER = "maker"

    @property
    def words(self) -> str:
        return "member of staff" if self is CountedFor.MAKER else self.value


@dataclass(frozen=True, slots=True)
class Charge:
    """What a transaction costs the member: the SACCO's fee, and the excise duty on it, which is the state's."""

    fee: Money
    duty: Money

    @classmethod
    def none(cls, currency: Currency) -> Charge:
        return cls(Money.zero(currency), Money.zero(currency))

    @property
    def total(self) -> Money:
        return self.fee + self.duty


@dataclass(frozen=True, slots=True)
class TransactionDraft:
    """What happened, as the room that did it tells it. `id` is made up front and names the journal's source.

    `other_account_id` is where a transfer went.
    """

    id: UUID
    kind: TransactionKind
    branch_id: UUID
    business_date: date
    amount: Money
    charge: Charge
    narration: str
    member_id: UUID | None = None
    member_name: str = ""
    member_number: str = ""
    account_id: UUID | None = None
    account_number: str = ""
    other_account_id: UUID | None = None
    other_account_number: str = ""
    till_session_id: UUID | None = None
    till_code: str = ""
    receipt_number: str = ""
    party_name: str = ""
    party_phone: str = ""
    balance_after: Money | None = None
    reverses_id: UUID | None = None
    journal_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TransactionFacts:
    """What the front door shows after posting."""

    id: UUID
    number: str
    receipt_number: str
    amount: Money
    charge: Charge
    replayed: bool = False

    @property
    def fee(self) -> Money:
        return self.charge.fee


@dataclass(frozen=True, slots=True)
class Recorded:
    """The event that the transaction is on the book; messages and documents follow it."""

    topic: ClassVar[str] = "transactions.recorded"
    transaction_id: UUID
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Original:
    """A transaction that is to be taken back, as the room that moved its money needs it."""

    id: UUID
    kind: str
    branch_id: UUID
    amount: Money
    charge: Charge
    member_id: UUID | None
    member_name: str
    member_number: str
    account_id: UUID | None
    account_number: str
    other_account_id: UUID | None
    other_account_number: str
    party_name: str
    till_session_id: UUID | None
    journal_id: UUID | None


@dataclass(frozen=True, slots=True)
class RequestReversal:
    """The typed command that waits for a second person."""

    transaction_id: UUID
    reason: str
    maker_id: UUID


@dataclass(frozen=True, slots=True)
class SetFee:
    """A fee for a kind of transaction from a business date on, or from one to another; it waits for a second person.

    `rate` is a share of the amount (0.01 is one per cent); `most` caps the fee. `product` and `channel` are None for all.
    """

    kind: str
    product: str | None
    channel: str | None
    from_amount: Money
    flat: Money
    rate: Decimal
    most: Money | None
    valid_from: date
    valid_to: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class SetLimit:
    """A limit from a business date on, or from one to another; it waits for a second person. None limits nothing."""

    kind: str
    channel: str | None
    role: str | None
    counted_for: str
    max_one: Money | None
    max_day: Money | None
    max_count: int | None
    valid_from: date
    valid_to: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class EndTerm:
    """A fee or limit holds for the last time on a business date; then what is more general holds, or nothing."""

    term_id: UUID
    last_day: date
    reason: str
