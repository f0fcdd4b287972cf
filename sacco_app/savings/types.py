"""Words of the savings room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sacco_app.kernel.money import Money

SUBLEDGER = "savings_account"


class SavingsPermission(StrEnum):
    ACCOUNT_VIEW = "savings:account:view"
    ACCOUNT_OPEN = "savings:account:open"
    ACCOUNT_CLOSE = "savings:account:close"
    ACCOUNT_APPROVE = "savings:account:approve"
    PRODUCT_VIEW = "savings:product:view"
    PRODUCT_EDIT = "savings:product:edit"
    PRODUCT_APPROVE = "savings:product:approve"
    TRANSFER_MAKE = "savings:transfer:make"
    HOLD_PLACE = "savings:hold:place"
    TRANSFER_APPROVE = "savings:transfer:approve"


class AccountStatus(StrEnum):
    """active ⇄ dormant (takes money in, pays none out); active ⇄ closing (pays out everything, free of fees) → closed."""

    ACTIVE = "active"
    DORMANT = "dormant"
    CLOSING = "closing"
    CLOSED = "closed"


class HoldOrder(StrEnum):
    """Who wants an amount held by hand. What a member wishes is ended by a colleague of who placed it; the others' orders by two people."""

    MEMBER = "member"
    COURT = "court"
    SACCO = "sacco"

    @property
    def words(self) -> str:
        return {"member": "the member", "court": "a court or an authority", "sacco": "the SACCO"}[self.value]


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as pages and other rooms see it; available = ledger − holds − minimum.

    `dormant_after` is the last day that it stays active without a movement; `debits_from` the day from which it pays out
    again after it was dormant.
    """

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
    last_activity_on: date | None
    dormant_after: date
    debits_from: date | None
    closed_on: date | None

    @property
    def available(self) -> Money:
        return self.available_without(Money.zero(self.ledger_balance.currency))

    def available_without(self, hold: Money) -> Money:
        """What would be available if this much of what is held were let go."""
        return max(self.ledger_balance - self.held + hold - self.minimum, Money.zero(self.ledger_balance.currency))


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
    """What is to be true of a product and so of its accounts; it waits for a second person."""

    code: str
    name: str
    min_balance_minor: int
    min_opening_minor: int
    dormancy_days: int
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class CloseAccount:
    """The member ends the account. With money on it a second person allows that everything is paid out."""

    account_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class ReactivateAccount:
    """A dormant account's member has come with an identity card; a second person allows it to pay out again."""

    account_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """An amount to be held by hand, with who wants it and the reason as the member may read it."""

    account_id: UUID
    amount: Money
    reason: str
    ordered_by: HoldOrder
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Hold:
    """An amount that is held, as pages show it. `ordered_by` is empty for what waits for a decision."""

    id: UUID
    amount: Money
    reason: str
    ordered_by: HoldOrder | None
    placed_at: datetime
    placed_by: str
    placer_id: UUID | None

    def ends_by(self, user_id: UUID) -> bool:
        """Whether this person lets it go alone: the member alone wants it, and somebody else placed it."""
        return self.ordered_by is HoldOrder.MEMBER and self.placer_id not in (None, user_id)


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """What takes two people to let go is let go; it waits for the second."""

    hold_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class PayHeir:
    """The part of an heir in one account of a member who died, in cash (no `to_account_id`) or to a member's account.

    `paid_to` is who takes it, `authority` what they have shown: an identity card, for a minor the guardian's right.
    """

    heir_id: UUID
    account_id: UUID
    amount: Money
    paid_to: str
    authority: str
    idempotency_key: str
    to_account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AskedPayout:
    """A payout to an heir that waits for a second person. `maker_id` is who asked."""

    payout: PayHeir
    maker_id: UUID


@dataclass(frozen=True, slots=True)
class Due:
    """How an heir stands with one account: the whole part, what was paid of it, what is due now."""

    heir_id: UUID
    account_id: UUID
    part: Money
    paid: Money
    due: Money


@dataclass(frozen=True, slots=True)
class AskedTransfer:
    """A transfer of staff that waits for a second person. `maker_id` is who asked."""

    transfer: Transfer
    maker_id: UUID


@dataclass(frozen=True, slots=True)
class PendingTransfer:
    """The transfer waits; the money is held on the paying account."""

    request_id: UUID
