"""Balance sheet and income statement, straight from the mapping columns of the chart (handbook 4.3, 4.5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from sacco_app.kernel.money import Currency, Money
from sacco_app.ledger import queries
from sacco_app.ledger.balances import movements
from sacco_app.ledger.catalogue import LineName, line_of, line_order
from sacco_app.ledger.chart import chart
from sacco_app.ledger.models import GlAccount
from sacco_app.ledger.types import AccountClass, AccountFacts

RESULT = "Surplus not yet appropriated"
INCOME_SECTIONS = (
    ("Income", 1, "Total income"),
    ("Financial expenses", -1, "Net financial income"),
    ("Provisions", -1, "Net income after provisions"),
    ("Operating expenses", -1, "Net operating income"),
    ("Other income", 1, ""),
    ("Other expenses", -1, "Surplus before tax"),
    ("Tax", -1, "Net surplus"),
)
Figures = tuple[int, int]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One row. `mark` says what it is: head, line, account, sum or total; a head has no amounts."""

    mark: str
    code: str
    title: str
    amount: Money | None = None
    before: Money | None = None
    account_id: UUID | None = None

    @property
    def change(self) -> Money | None:
        """How much more than before; None where nothing is compared."""
        return None if self.amount is None or self.before is None else self.amount - self.before


@dataclass(frozen=True, slots=True)
class Statement:
    """The rows in order, and the sums by title: (now, before)."""

    rows: tuple[StatementRow, ...]
    sums: dict[str, tuple[Money, Money]]


class _Sheet:
    """Gathers figures by section and line, and writes rows."""

    def __init__(self, currency: Currency, *, compared: bool, with_accounts: bool) -> None:
        self.currency, self.compared, self.with_accounts = currency, compared, with_accounts
        self.lines: dict[str, dict[LineName, list[tuple[AccountFacts, Figures]]]] = defaultdict(dict)
        self.rows: list[StatementRow] = []
        self.sums: dict[str, tuple[Money, Money]] = {}

    def add(self, account: AccountFacts, now: int, before: int) -> None:
        """Debit-positive figures of one account."""
        line = line_of(account)
        self.lines[line.section].setdefault(line, []).append((account, (now, before)))

    def section(self, title: str, sign: int, *, headed: bool = False) -> Figures:
        """Head (for an empty section when `headed`), lines and accounts; `sign` is 1 where debits are positive.

        Returns the sums of the section.
        """
        order = line_order()
        held = sorted(self.lines.get(title, {}).items(), key=lambda item: order.get((title, item[0].code), len(order)))
        if held or headed:
            self.rows.append(StatementRow("head", "", title))
        for line, accounts in held:
            figures = _sum(figures for _, figures in accounts)
            self._write("line", line.code, line.title, figures, sign)
            if self.with_accounts:
                for account, own in sorted(accounts, key=lambda item: item[0].code):
                    self._write("account", account.code, account.name, own, sign, account.id)
        now, before = _sum(_sum(figures for _, figures in accounts) for _, accounts in held)
        return sign * now, sign * before

    def total(self, title: str, figures: Figures, mark: str = "sum") -> None:
        """A row of a sum, kept under its title."""
        self._write(mark, "", title, figures, 1)
        self.sums[title] = (Money(figures[0], self.currency), Money(figures[1], self.currency))

    def _write(
        self, mark: str, code: str, title: str, figures: Figures, sign: int, account_id: UUID | None = None
    ) -> None:
        now, before = (Money(sign * minor, self.currency) for minor in figures)
        self.rows.append(StatementRow(mark, code, title, now, before if self.compared else None, account_id))

    def statement(self) -> Statement:
        return Statement(tuple(self.rows), self.sums)


def _sum(figures: Iterable[Figures]) -> Figures:
    held = list(figures)
    return sum(now for now, _ in held), sum(before for _, before in held)


def balance_sheet(
    session: Session,
    as_of: date,
    before: date | None,
    currency: Currency,
    branches: Collection[UUID] | None,
    *,
    with_accounts: bool = False,
) -> Statement:
    """What the SACCO has and owes at the end of a day, and of an earlier one.

    Income and expenses that no year-end close has appropriated yet stand in equity as one line.
    """
    book = queries.trial_balance(session, as_of, currency=currency, since=before or as_of, branches=branches)
    sheet = _Sheet(currency, compared=before is not None, with_accounts=with_accounts)
    facts = chart(session).by_id
    result = (0, 0)
    for row in book.rows:
        figures = row.net_minor, row.opening.minor
        if row.account_class in (AccountClass.INCOME, AccountClass.EXPENSE):
            result = _sum([result, figures])
        elif row.account_class is not AccountClass.MEMO and any(figures):
            sheet.add(facts[row.account_id], *figures)
    assets = sheet.section("Assets", 1)
    sheet.total("Total assets", assets, "total")
    liabilities = sheet.section("Liabilities", -1)
    sheet.total("Total liabilities", liabilities)
    equity = sheet.section("Equity", -1, headed=True)
    surplus = (-result[0], -result[1])
    sheet.total(RESULT, surplus, "line")
    sheet.total("Total equity", _sum([equity, surplus]))
    sheet.total("Total liabilities and equity", _sum([liabilities, equity, surplus]), "total")
    return sheet.statement()


def income_statement(
    session: Session,
    period: tuple[date, date],
    before: tuple[date, date] | None,
    currency: Currency,
    branches: Collection[UUID] | None,
    *,
    with_accounts: bool = False,
) -> Statement:
    """What came in and what it cost from the first to the last day, and in an earlier period."""
    now, then = (_moved(session, days, currency, branches) if days else {} for days in (period, before))
    sheet = _Sheet(currency, compared=before is not None, with_accounts=with_accounts)
    for account in chart(session).by_id.values():
        figures = now.get(account.id, 0), then.get(account.id, 0)
        if account.account_class in (AccountClass.INCOME, AccountClass.EXPENSE) and any(figures):
            sheet.add(account, *figures)
    running = (0, 0)
    for title, sign, result in INCOME_SECTIONS:
        section = sheet.section(title, -sign)
        running = _sum([running, (sign * section[0], sign * section[1])])
        if result:
            sheet.total(result, running, "total" if result == INCOME_SECTIONS[-1][2] else "sum")
    return sheet.statement()


def _moved(
    session: Session, days: tuple[date, date], currency: Currency, branches: Collection[UUID] | None
) -> dict[UUID, int]:
    """Debit-positive movements by account between two days, both included."""
    start = days[0] - timedelta(days=1)
    book = queries.trial_balance(session, days[1], currency=currency, since=start, branches=branches)
    return {row.account_id: row.net_minor - row.opening.minor for row in book.rows}


def income_by_month(
    session: Session, first: date, last: date, currency: Currency, branches: Collection[UUID] | None
) -> list[tuple[date, tuple[int, int]]]:
    """Income and expenses of every month that moved them, in minor units, oldest first."""
    moved = movements(last, currency, branches, since=first)
    month = cast(func.date_trunc("month", moved.c.business_date), Date)
    net = func.sum(moved.c.credit_minor - moved.c.debit_minor)
    kinds = (AccountClass.INCOME, AccountClass.EXPENSE)
    income, expenses = (func.coalesce(net.filter(GlAccount.account_class == kind), 0) for kind in kinds)
    query = (
        select(month, income, -expenses)
        .join(GlAccount, GlAccount.id == moved.c.gl_account_id)
        .where(GlAccount.account_class.in_(kinds))
        .group_by(month)
        .order_by(month)
    )
    return [(day, (int(came), int(went))) for day, came, went in session.execute(query)]
