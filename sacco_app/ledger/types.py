"""Words of the ledger: permissions, drafts of journals, and what the queries answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sacco_app.kernel.money import Currency, Money


class Perm(StrEnum):
    """What one may be allowed to do with the book."""

    ACCOUNT_VIEW = "ledger:account:view"
    ACCOUNT_EDIT = "ledger:account:edit"
    ACCOUNT_APPROVE = "ledger:account:approve"
    JOURNAL_VIEW = "ledger:journal:view"
    JOURNAL_POST = "ledger:journal:post"
    JOURNAL_APPROVE = "ledger:journal:approve"
    JOURNAL_REVERSE = "ledger:journal:reverse"
    REPORT_VIEW = "ledger:report:view"
    PERIOD_EDIT = "ledger:period:edit"


class AccountClass(StrEnum):
    """Asset, liability, equity, income, expense, memorandum."""

    ASSET = "A"
    LIABILITY = "L"
    EQUITY = "E"
    INCOME = "I"
    EXPENSE = "X"
    MEMO = "M"


CLASS_NAMES = {
    AccountClass.ASSET: "Assets",
    AccountClass.LIABILITY: "Liabilities",
    AccountClass.EQUITY: "Equity",
    AccountClass.INCOME: "Income",
    AccountClass.EXPENSE: "Expenses",
    AccountClass.MEMO: "Memorandum",
}


class PeriodStatus(StrEnum):
    """Open takes every journal, soft-closed only corrections by the accountant, closed none."""

    OPEN = "open"
    SOFT_CLOSED = "soft_closed"
    CLOSED = "closed"


class Event(StrEnum):
    """Events that the ledger itself posts; all others come from their rooms."""

    INTER_BRANCH = "J-33"
    REVERSAL = "J-58"
    MANUAL = "MANUAL"


@dataclass(frozen=True, slots=True)
class Subledger:
    """The single thing behind a control account: `kind` is `savings_account`, `till`, `vault`, `branch`..."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of a draft. `name` is the leg of the posting profile; `account_code` overrides the profile.

    Exactly one of `debit` and `credit` is given; a leg of zero is left out of the journal.
    """

    name: str
    debit: Money | None = None
    credit: Money | None = None
    account_code: str | None = None
    subledger: Subledger | None = None
    member_id: UUID | None = None
    branch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class JournalDraft:
    """A journal to be posted. (`event`, `source_ref`) names it for ever: a second one with both is refused.

    `maker_id` is given where the one who executes is not the one who asked (after an approval).
    """

    event: str
    source_ref: str
    business_date: date
    branch_id: UUID
    currency: Currency
    narration: str
    legs: tuple[Leg, ...]
    product: str | None = None
    value_date: date | None = None
    transaction_id: UUID | None = None
    checker_id: UUID | None = None
    reason: str | None = None
    maker_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PostedJournal:
    """What was posted. The number is given by the database at commit, so it is not known yet."""

    id: UUID
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ReverseJournal:
    """Mirror a journal. `checker_id` is who approved, never the maker of the original."""

    journal_id: UUID
    reason: str
    source_ref: str
    business_date: date
    checker_id: UUID | None = None
    maker_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ManualLine:
    """One line of a manual journal: either a debit or a credit."""

    account_code: str
    debit: Money | None
    credit: Money | None


@dataclass(frozen=True, slots=True)
class PostManualJournal:
    """A journal that the accountant writes and another person approves. `maker_id` is who wrote it.

    `papers` are the fingerprints of the files that were handed in with it, so that what is approved is what was seen.
    """

    branch_id: UUID
    business_date: date
    narration: str
    reason: str
    lines: tuple[ManualLine, ...]
    maker_id: UUID
    idempotency_key: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestReversal:
    """Ask for the reversal of a manual journal. `maker_id` is who asks."""

    journal_id: UUID
    business_date: date
    reason: str
    maker_id: UUID
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class AddAccount:
    """A new account of the chart, never a control account: those belong to the system."""

    code: str
    name: str
    account_class: AccountClass
    normal_side: str
    pearls: str
    kef: str
    liquidity: str
    cash_flow: str
    clearing_days: int | None = None


@dataclass(frozen=True, slots=True)
class EditAccount:
    """New code, name and mapping of an account. What it is (class, side, control) never changes."""

    account_id: UUID
    code: str
    name: str
    pearls: str
    kef: str
    liquidity: str
    cash_flow: str
    is_active: bool
    clearing_days: int | None = None


@dataclass(frozen=True, slots=True)
class SetPeriodStatus:
    """Move a month (its first day) to another status."""

    month: date
    status: PeriodStatus
    reason: str


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account of the chart. `normal_side` is `D` or `C`, `kef` its line of the financial statements, `pearls` its class."""

    id: UUID
    code: str
    name: str
    account_class: AccountClass
    normal_side: str
    is_control: bool
    is_active: bool
    kef: str = ""
    pearls: str = ""


@dataclass(frozen=True, slots=True)
class SubledgerLine:
    """A movement of one savings account, till or vault, with the balance after it on the account's normal side."""

    business_date: date
    value_date: date
    posted_at: datetime
    journal_id: UUID
    event_code: str
    narration: str
    debit: Money
    credit: Money
    balance_after: Money
    transaction_id: UUID | None


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """An account with its net balance on one side; the other side is zero.

    `opening` (debit-positive), `moved_debit` and `moved_credit` are zero where nothing is compared.
    """

    account_id: UUID
    code: str
    name: str
    account_class: AccountClass
    normal_side: str
    debit: Money
    credit: Money
    opening: Money
    moved_debit: Money
    moved_credit: Money

    @property
    def net_minor(self) -> int:
        """Debit-positive balance in minor units."""
        return self.debit.minor - self.credit.minor


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Every account that has a balance at the end of `as_of`, in one branch or (None) in all of the reader's.

    `since` is the earlier day whose end it is compared with.
    """

    as_of: date
    branch_id: UUID | None
    currency: Currency
    rows: tuple[TrialBalanceRow, ...]
    since: date | None = None

    def _net(self, *classes: AccountClass) -> Money:
        return Money(sum(row.net_minor for row in self.rows if row.account_class in classes), self.currency)

    @property
    def total_debit(self) -> Money:
        return Money(sum(row.debit.minor for row in self.rows), self.currency)

    @property
    def total_credit(self) -> Money:
        return Money(sum(row.credit.minor for row in self.rows), self.currency)

    @property
    def moved(self) -> Money:
        """What was debited, and so credited, after `since`."""
        return Money(sum(row.moved_debit.minor for row in self.rows), self.currency)

    @property
    def assets(self) -> Money:
        return self._net(AccountClass.ASSET)

    @property
    def liabilities(self) -> Money:
        return -self._net(AccountClass.LIABILITY)

    @property
    def equity(self) -> Money:
        return -self._net(AccountClass.EQUITY)

    @property
    def income(self) -> Money:
        return -self._net(AccountClass.INCOME)

    @property
    def expenses(self) -> Money:
        return self._net(AccountClass.EXPENSE)

    @property
    def surplus(self) -> Money:
        return self.income - self.expenses

    @property
    def is_balanced(self) -> bool:
        """Debits equal credits, and assets equal liabilities, equity and the surplus."""
        identity = self.assets == self.liabilities + self.equity + self.surplus
        return self.total_debit == self.total_credit and identity


@dataclass(frozen=True, slots=True)
class JournalLineView:
    """A line of a journal with the words a person needs."""

    account_id: UUID
    account_code: str
    account_name: str
    branch_id: UUID
    debit: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class StreamedJournal:
    """A posted journal as partners read it, one after the other."""

    id: UUID
    number: int
    business_date: date
    value_date: date
    posted_at: datetime
    branch_id: UUID
    event_code: str
    narration: str
    reverses_id: UUID | None
    lines: tuple[JournalLineView, ...]


@dataclass(frozen=True, slots=True)
class JournalView:
    """A posted journal with its lines."""

    id: UUID
    number: int
    business_date: date
    value_date: date
    posted_at: datetime
    branch_id: UUID
    event_code: str
    source_ref: str
    narration: str
    reason: str | None
    maker_id: UUID
    checker_id: UUID | None
    reverses_id: UUID | None
    reversed_by_id: UUID | None
    transaction_id: UUID | None
    total: Money
    lines: tuple[JournalLineView, ...]

    @property
    def mirror_rows(self) -> list[tuple[str, Money | None, Money | None]]:
        """The lines of its reversal: account, debit, credit."""
        return [
            (f"{line.account_code} {line.account_name}", line.credit or None, line.debit or None) for line in self.lines
        ]


@dataclass(frozen=True, slots=True)
class EditProfile:
    """A leg of an event is to move another account from the next journal on; it waits for a second person."""

    profile_id: UUID
    account_code: str
