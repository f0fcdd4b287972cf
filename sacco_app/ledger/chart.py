"""The chart, the posting profiles and the periods as the money paths read them: immutable, kept in the process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import reference
from sacco_app.ledger.errors import AccountUnknown, NoPostingProfile
from sacco_app.ledger.models import GlAccount, LedgerPeriod, PostingProfile
from sacco_app.ledger.types import AccountClass, AccountFacts, PeriodStatus


@dataclass(frozen=True)
class Chart:
    """Accounts by code and by id, accounts by (event, product, leg), and months by status."""

    by_code: Mapping[str, AccountFacts]
    by_id: Mapping[UUID, AccountFacts]
    profiles: Mapping[tuple[str, str | None, str], UUID]
    periods: Mapping[date, PeriodStatus]

    def account(self, code: str) -> AccountFacts:
        """The active account with this code. Raises AccountUnknown."""
        account = self.by_code.get(code)
        if account is None or not account.is_active:
            raise AccountUnknown(code=code)
        return account

    def leg(self, event: str, product: str | None, name: str) -> AccountFacts:
        """The account of a leg: the product's own, else the event's. Raises NoPostingProfile."""
        account_id = self.profiles.get((event, product, name)) or self.profiles.get((event, None, name))
        if account_id is None:
            raise NoPostingProfile(event=event, leg=name)
        return self.by_id[account_id]

    def period(self, day: date) -> PeriodStatus:
        """The status of the month of `day`; a month that was never opened counts as closed."""
        return self.periods.get(day.replace(day=1), PeriodStatus.CLOSED)


def chart(session: Session) -> Chart:
    """The chart as it stands; no query while the version of the reference data stands."""
    return reference.get(session, "ledger.chart", _load)


def _load(session: Session) -> Chart:
    accounts = [facts(row) for row in session.scalars(select(GlAccount).order_by(GlAccount.code))]
    profiles = session.execute(
        select(PostingProfile.event_code, PostingProfile.product_code, PostingProfile.leg, PostingProfile.gl_account_id)
    )
    periods = session.execute(select(LedgerPeriod.month, LedgerPeriod.status))
    return Chart(
        MappingProxyType({account.code: account for account in accounts}),
        MappingProxyType({account.id: account for account in accounts}),
        MappingProxyType({(event, product, leg): account for event, product, leg, account in profiles}),
        MappingProxyType({month: PeriodStatus(status) for month, status in periods}),
    )


def facts(row: GlAccount) -> AccountFacts:
    """The row as the immutable value that other rooms see."""
    return AccountFacts(
        row.id,
        row.code,
        row.name,
        AccountClass(row.account_class),
        row.normal_side,
        is_control=row.is_control,
        is_active=row.is_active,
        kef=row.kef,
        pearls=row.pearls,
    )
