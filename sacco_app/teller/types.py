"""Words of the teller room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import Money

Counts = tuple[tuple[int, int], ...]


class TellerPermission(StrEnum):
    TILL_OPERATE = "teller:till:operate"
    TILL_ASSIGN = "teller:till:assign"
    TILL_VIEW = "teller:till:view"
    VAULT_OPERATE = "teller:vault:operate"
    VAULT_APPROVE = "teller:vault:approve"
    CASH_APPROVE = "teller:cash:approve"
    DIFFERENCE_APPROVE = "teller:difference:approve"


class TillState(StrEnum):
    """issued (float offered) → opened ⇄ suspended (a break) → counting (handed in, a custodian counts too) → closed; or declined."""

    ISSUED = "issued"
    OPENED = "opened"
    SUSPENDED = "suspended"
    COUNTING = "counting"
    CLOSED = "closed"
    DECLINED = "declined"


class MoveKind(StrEnum):
    """Which way cash goes in the middle of the day."""

    TOP_UP = "top_up"
    RETURN = "return"
    TRANSFER = "transfer"


MOVES = {MoveKind.TOP_UP: "Vault to till", MoveKind.RETURN: "Till to vault", MoveKind.TRANSFER: "Till to till"}


class MoveState(StrEnum):
    """offered by one side → taken or refused by the other; or withdrawn by the side that offered."""

    OFFERED = "offered"
    TAKEN = "taken"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class OfferCash:
    """Counted cash from the vault or the actor's till. `to_session_id` is the till that gets it; None is the vault.

    It moves when the other side has counted it and takes it.
    """

    to_session_id: UUID | None
    counts: Counts
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """Cash offered by one side to the other, as pages show it. `taker_id` is the teller who takes; None: a custodian."""

    id: UUID
    kind: MoveKind
    state: MoveState
    amount: Money
    counts: Counts
    giver: str
    taker: str
    taker_id: UUID | None
    offered_by_id: UUID
    offered_by: str
    offered_at: datetime
    decided_by: str
    decided_at: datetime | None
    remark: str
    transaction_id: UUID | None

    def may_be_taken_by(self, actor: Actor) -> bool:
        """Whether the actor is the side that takes: the teller of the till, or a custodian where it goes to the vault."""
        if self.state != MoveState.OFFERED or self.offered_by_id == actor.user_id:
            return False
        return self.taker_id == actor.user_id if self.taker_id else actor.may(TellerPermission.VAULT_OPERATE)


@dataclass(frozen=True, slots=True)
class IssueFloat:
    """The custodian counts a float for a teller; it moves when the teller accepts it."""

    till_id: UUID
    teller_id: UUID
    counts: Counts
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class FundVault:
    """Cash fetched from the bank (J-09); it is in the vault when the second custodian has counted it too."""

    branch_id: UUID
    amount: Money
    narration: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class BankCash:
    """Counted cash that somebody carries to the bank (J-08); it leaves the vault when a second custodian agrees."""

    branch_id: UUID
    counts: Counts
    carrier: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class EnterSlip:
    """What the bank says it has received of cash that was sent (J-08, second part)."""

    banking_id: UUID
    amount: Money
    slip_number: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class CountVault:
    """What a custodian has counted in the vault."""

    branch_id: UUID
    counts: Counts
    remark: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class CountTill:
    """What a supervisor has counted in a till that stands still in the middle of its day."""

    session_id: UUID
    counts: Counts
    remark: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class SignCount:
    """A count that waits for the second person."""

    count_id: UUID


class BankingState(StrEnum):
    """in_transit → banked; or returned, when it is taken back before the bank has it."""

    IN_TRANSIT = "in_transit"
    BANKED = "banked"
    RETURNED = "returned"


class CountState(StrEnum):
    """waiting for the second person → signed; or refused. A till's count within the tolerance is recorded only."""

    RECORDED = "recorded"
    WAITING = "waiting"
    SIGNED = "signed"
    REFUSED = "refused"


SOURCES = {
    "salary": "Salary",
    "business": "Business takings",
    "produce": "Sale of produce or animals",
    "property": "Sale of land or property",
    "family": "Money from the family",
    "loan": "A loan from elsewhere",
    "group": "Contributions of a group",
    "other": "Something else: say it in the note",
}


@dataclass(frozen=True, slots=True)
class CashDeposit:
    """Cash paid in, by the member or by somebody else. `source` is a key of SOURCES, for large amounts (handbook 6)."""

    account_id: UUID
    amount: Money
    party_name: str
    party_phone: str
    narration: str
    idempotency_key: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class CashWithdrawal:
    """Cash paid out, to the member or to somebody with authority. `authority` says what was shown for it."""

    account_id: UUID
    amount: Money
    party_name: str
    narration: str
    idempotency_key: str
    party_phone: str = ""
    authority: str = ""


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
class ReceiveTill:
    """What the custodian has counted of a till that was handed in."""

    session_id: UUID
    counts: Counts
    remark: str
    idempotency_key: str


class CountOutcome(StrEnum):
    """What a custodian's count of a till that was handed in has led to.

    closed by it; agreed, while another custodian counts too (policy); kept, because it does not decide alone.
    """

    CLOSED = "closed"
    AGREED = "agreed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a custodian's count; `difference` is count less book, told only when the till is closed."""

    outcome: CountOutcome
    difference: Money | None = None

    @property
    def agrees(self) -> bool:
        """Whether the count agrees with what is said of it: with the teller's, and with the book once it is told."""
        return self.outcome != CountOutcome.KEPT and not self.difference


class Standing(StrEnum):
    """Where somebody stands to a till that was handed in.

    It is their own; they have counted and agreed; their count is kept; the counts differ and they may not decide; they
    may count, and decide where the counts differ.
    """

    OWN = "own"
    AGREED = "agreed"
    KEPT = "kept"
    DISPUTED = "disputed"
    DECIDES = "decides"
    COUNTS = "counts"


@dataclass(frozen=True, slots=True)
class SaveTill:
    code: str
    name: str
    branch_id: UUID
    limit_minor: int
