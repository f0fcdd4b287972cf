"""Words of the savings room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sacco_app.kernel.money import Money

SUBLEDGER = "savings_account"


class SavingsPermission(StrEnum):
    ACCOUNT_VIEW = "savings:account:view"
    ACCOUNT_OPEN = "savings:account:open"
    PRODUCT_VIEW = "savings:product:view"
    PRODUCT_EDIT = "savings:product:edit"
    TRANSFER_MAKE = "savings:transfer:make"
    HOLD_PLACE = "savings:hold:place"
    TRANSFER_APPROVE = "savings:transfer:approve"


class AccountStatus(StrEnum):
    ACTIVE = "active"
    DORMANT = "dormant"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as pages and other rooms see it; available = ledger − holds − minimum."""

    id: UUID
    number: str
    member_id: UUID
    branch_id: UUID
    product_code: str
    product_name: str
    status: str
    ledger_balance: Money
    held: Money
    minimum: Money
    opened_on: date

    @property
    def available(self) -> Money:
        return max(self.ledger_balance - self.held - self.minimum, Money.zero(self.ledger_balance.currency))


@dataclass(frozen=True, slots=True)
class Receiver:
    """An account that a member may send money to: who gets it shows as initials and stars, and nothing else does."""

    account_id: UUID
    number: str
    masked_name: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Movement:
    """What a credit or debit did to an account."""

    account_id: UUID
    account_number: str
    member_id: UUID
    member_number: str
    member_name: str
    branch_id: UUID
    product_code: str
    balance_after: Money


@dataclass(frozen=True, slots=True)
class OpenAccount:
    member_id: UUID
    product_code: str
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money from one account to another (J-43)."""

    from_account_id: UUID
    to_account_id: UUID
    amount: Money
    narration: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class SaveProduct:
    code: str
    name: str
    min_balance_minor: int
    min_opening_minor: int
    is_active: bool = True
