"""Words of the teller room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sacco_app.kernel.money import Money

Counts = tuple[tuple[int, int], ...]


class TellerPermission(StrEnum):
    TILL_OPERATE = "teller:till:operate"
    TILL_ASSIGN = "teller:till:assign"
    TILL_VIEW = "teller:till:view"
    VAULT_OPERATE = "teller:vault:operate"
    CASH_APPROVE = "teller:cash:approve"
    DIFFERENCE_APPROVE = "teller:difference:approve"


class TillState(StrEnum):
    """issued (float offered) → opened → counting (difference above tolerance) → closed; or declined."""

    ISSUED = "issued"
    OPENED = "opened"
    COUNTING = "counting"
    CLOSED = "closed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class IssueFloat:
    """The custodian counts a float for a teller; it moves when the teller accepts it."""

    till_id: UUID
    teller_id: UUID
    counts: Counts
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class FundVault:
    """Cash fetched from the bank (J-09)."""

    branch_id: UUID
    amount: Money
    narration: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class CashDeposit:
    account_id: UUID
    amount: Money
    party_name: str
    party_phone: str
    narration: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class CashWithdrawal:
    account_id: UUID
    amount: Money
    party_name: str
    narration: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class CloseTill:
    """The blind count of a till."""

    session_id: UUID
    counts: Counts
    reason: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """The withdrawal waits for a second person; the amount is held."""

    request_id: UUID


@dataclass(frozen=True, slots=True)
class CloseResult:
    """`difference` is count less book; None while a second person must look at it."""

    difference: Money | None


@dataclass(frozen=True, slots=True)
class SaveTill:
    code: str
    name: str
    branch_id: UUID
    limit_minor: int
