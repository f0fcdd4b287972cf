"""The whole book as a Beancount file, so that another program can prove it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger.chart import Chart, chart
from sacco_app.ledger.models import Journal, JournalLine
from sacco_app.ledger.types import AccountClass, AccountFacts
from sacco_app.organisation import queries as organisation

_ROOTS = {
    AccountClass.ASSET: "Assets",
    AccountClass.LIABILITY: "Liabilities",
    AccountClass.EQUITY: "Equity",
    AccountClass.INCOME: "Income",
    AccountClass.EXPENSE: "Expenses",
    AccountClass.MEMO: "Equity:Memo",
}
_BATCH = 2_000


def account_name(account: AccountFacts, branch_code: str) -> str:
    """`Assets:1110-Vault-cash:HQ`: the code, the name and the branch in Beancount's alphabet."""
    return f"{_ROOTS[account.account_class]}:{_word(f'{account.code} {account.name}')}:{_word(branch_code)}"


def lines(session: Session) -> Iterator[str]:
    """The file, line by line: openings, every journal by number, and the balances it must come to."""
    book = chart(session)
    branches = {branch.id: branch.code for branch in organisation.list_branches(session)}
    first, last = session.execute(select(func.min(Journal.business_date), func.max(Journal.business_date))).one()
    profile = organisation.get_profile(session)
    yield f'option "title" "{_text(profile.name)}"'
    yield f'option "operating_currency" "{profile.currency.code}"'
    if first is None:
        return
    used = select(JournalLine.gl_account_id, JournalLine.branch_id).distinct()
    pairs = sorted((book.by_id[account].code, branches[branch], account) for account, branch in session.execute(used))
    for _, branch_code, account_id in pairs:
        yield f"{first.isoformat()} open {account_name(book.by_id[account_id], branch_code)}"
    balances: dict[tuple[str, str], int] = defaultdict(int)
    yield from _transactions(session, book, branches, balances)
    yield from _assertions(balances, last)


def _transactions(
    session: Session, book: Chart, branches: dict[UUID, str], balances: dict[tuple[str, str], int]
) -> Iterator[str]:
    query = (
        select(Journal, JournalLine)
        .join(JournalLine, JournalLine.journal_id == Journal.id)
        .order_by(Journal.number, JournalLine.line_no)
        .execution_options(yield_per=_BATCH)
    )
    for journal, rows in groupby(session.execute(query), key=lambda row: row[0]):
        yield ""
        yield f'{journal.business_date.isoformat()} * "{_text(journal.event_code)}" "{_text(journal.narration)}"'
        yield f"  number: {journal.number}"
        yield f'  source: "{_text(journal.source_ref)}"'
        for row in rows:
            yield _posting(row[1], book, branches, balances)


def _posting(line: JournalLine, book: Chart, branches: dict[UUID, str], balances: dict[tuple[str, str], int]) -> str:
    name = account_name(book.by_id[line.gl_account_id], branches[line.branch_id])
    minor = line.debit_minor - line.credit_minor
    balances[name, line.currency] += minor
    return f"  {name}  {_amount(minor, line.currency)}"


def _assertions(balances: dict[tuple[str, str], int], last: date) -> Iterator[str]:
    yield ""
    day = (last + timedelta(days=1)).isoformat()
    for (name, currency), minor in sorted(balances.items()):
        yield f"{day} balance {name}  {_amount(minor, currency)}"


def _amount(minor: int, currency: str) -> str:
    return f"{Money(minor, CURRENCIES[currency]).decimal} {currency}"


def _text(value: Any) -> str:
    return str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")


def _word(text: str) -> str:
    cleaned = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-") or "X"
    return cleaned[0].upper() + cleaned[1:]
