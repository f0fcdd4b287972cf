"""Base data of the ledger: the chart of the handbook (3.2), its posting profiles (3.3) and open periods."""

from __future__ import annotations

import csv
from datetime import date
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.dates import add_months
from sacco_app.ledger.models import GlAccount, LedgerPeriod, PostingProfile
from sacco_app.ledger.types import PeriodStatus

YEARS_BEFORE, YEARS_AFTER = 2, 1


def install(session: Session, clock: Clock, profile: str) -> None:
    """Add what is missing; what the SACCO changed stays as it is."""
    accounts = _install_chart(session)
    _install_profiles(session, accounts)
    today = local_date(clock.now())
    _open_periods(session, date(today.year - YEARS_BEFORE, 1, 1), date(today.year + YEARS_AFTER, 12, 1))
    reference.bump(session)


def _rows(name: str) -> list[dict[str, str]]:
    text = files("sacco_app.ledger").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _install_chart(session: Session) -> dict[str, GlAccount]:
    accounts = {account.code: account for account in session.scalars(select(GlAccount))}
    for row in _rows("chart.csv"):
        if row["code"] in accounts:
            continue
        account = GlAccount(
            code=row["code"],
            name=row["name"],
            account_class=row["class"],
            normal_side=row["normal"],
            is_control=row["control"] == "Y",
            pearls=row["pearls"],
            kef=row["kef6_f7"],
            liquidity=row["liq"],
            cash_flow=row["cf"],
            clearing_days=int(row["clear"]) if row["clear"] else None,
            is_active=True,
        )
        session.add(account)
        accounts[account.code] = account
    session.flush()
    return accounts


def _install_profiles(session: Session, accounts: dict[str, GlAccount]) -> None:
    held = {(row.event_code, row.product_code, row.leg) for row in session.scalars(select(PostingProfile))}
    for row in _rows("posting_profiles.csv"):
        key = (row["event"], row["product"] or None, row["leg"])
        if key not in held:
            account = accounts[row["account_code"]]
            session.add(PostingProfile(event_code=key[0], product_code=key[1], leg=key[2], gl_account_id=account.id))
    session.flush()


def _open_periods(session: Session, first: date, last: date) -> None:
    held = set(session.scalars(select(LedgerPeriod.month)))
    month = first
    while month <= last:
        if month not in held:
            session.add(LedgerPeriod(month=month, status=PeriodStatus.OPEN))
        month = add_months(month, 1)
    session.flush()
