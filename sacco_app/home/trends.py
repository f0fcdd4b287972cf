"""A year in pictures: what members keep with us, what was earned and spent, who joined. Each reads the book's own rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from sacco_app.home.tables import in_scope, members
from sacco_app.home.types import Picture
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import Currency, Money
from sacco_app.ledger import queries as ledger
from sacco_app.ledger.chart import chart
from sacco_app.ledger.statements import income_by_month
from sacco_app.webkit.charts import Datum, bar_chart, line_chart, pair_chart

MONTHS = 12
DEPOSITS = "SAV_DEP"


def month_ends(day: date, count: int = MONTHS) -> list[date]:
    """The last days of the months before this one, oldest first, and the day itself."""
    ends, first = [day], day.replace(day=1)
    for _ in range(count - 1):
        ends.append(first - timedelta(days=1))
        first = ends[-1].replace(day=1)
    return ends[::-1]


def _month(day: date) -> str:
    return f"{day:%b}"


class Trends:
    """The pictures of one actor on one business date; None where there is nothing to draw yet."""

    def __init__(self, session: Session, actor: Actor, day: date, currency: Currency) -> None:
        self.session, self.actor, self.day, self.currency = session, actor, day, currency
        self.unit = 10**currency.exponent
        self.branches: Collection[UUID] | None = actor.branch_ids

    def _datum(self, day: date, minor: int) -> Datum:
        return Datum(_month(day), minor, Money(minor, self.currency).format())

    def saved(self) -> Picture | None:
        """What members have saved at the end of each month: the accounts of the chart that PEARLS counts as deposits."""
        deposits = {one.id for one in chart(self.session).by_id.values() if one.pearls == DEPOSITS}
        course = []
        for end in month_ends(self.day):
            book = ledger.trial_balance(self.session, end, currency=self.currency, branches=self.branches)
            course.append(self._datum(end, -sum(row.net_minor for row in book.rows if row.account_id in deposits)))
        if not any(point.value for point in course):
            return None
        title = f"Members' savings at the end of each month, {self.currency.code}"
        return Picture(title, line=line_chart(course, unit=self.unit))

    def earned_and_spent(self) -> Picture | None:
        """Income beside expenses, month by month."""
        first = month_ends(self.day)[0].replace(day=1)
        months = income_by_month(self.session, first, self.day, self.currency, self.branches)
        if not months:
            return None
        income = [self._datum(day, came) for day, (came, _went) in months]
        expenses = [self._datum(day, went) for day, (_came, went) in months]
        chart = pair_chart(income, expenses, ("Income", "Expenses"), self.unit)
        return Picture(f"Income and expenses by month, {self.currency.code}", pairs=chart)

    def joined(self) -> Picture | None:
        """How many members were admitted in each month."""
        row = members.c
        month = cast(func.date_trunc("month", row.admitted_on), Date)
        first = month_ends(self.day)[0].replace(day=1)
        query = select(month, func.count()).where(in_scope(self.actor, members), row.admitted_on >= first)
        counts = {day: int(count) for day, count in self.session.execute(query.group_by(month))}
        if not counts:
            return None
        days = [end.replace(day=1) for end in month_ends(self.day)]
        data = [Datum(_month(day), counts.get(day, 0), f"{counts.get(day, 0):,}") for day in days]
        return Picture("Members admitted by month", bars=bar_chart(data))
