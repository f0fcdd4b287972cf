"""The figures and pictures of the start page, by what the person may do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from sacco_app.home import queries
from sacco_app.home.trends import Trends
from sacco_app.home.types import DayFlow, Figure, Picture
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import Currency, Money
from sacco_app.ledger import queries as ledger
from sacco_app.members import queries as members
from sacco_app.savings import queries as savings
from sacco_app.webkit.auth import may_open
from sacco_app.webkit.charts import Datum, bar_chart, spark_line

DAYS = 14


class Dashboard:
    """Gathers what one actor sees on one business date. Every figure is read from the book's own rows."""

    def __init__(self, session: Session, actor: Actor, day: date, currency: Currency) -> None:
        self.session, self.actor, self.day, self.currency = session, actor, day, currency
        self.unit = 10**currency.exponent
        self.own = actor.may("teller:till:operate") and not actor.may("teller:till:view")
        self.flows = self._flows() if actor.may("transactions:transaction:view") else []
        self.today = queries.today(self.flows, day)

    def _flows(self) -> list[DayFlow]:
        maker = self.actor.user_id if self.own else None
        return queries.flows(self.session, self.actor, self.day, DAYS, maker)

    def figures(self) -> list[Figure]:
        """The figures, only of what the actor may see."""
        figures = [*self._book(), *self._counter(), *self._members(), *self._savings(), *self._cash()]
        waiting = len(queries.waiting_for(self.session, self.actor, 100)) if may_open(self.actor, APPROVALS) else None
        if waiting is not None and len(figures) < ROW:
            tone = "wait" if waiting else ""
            figures.append(
                Figure("Waiting for your approval", str(waiting), tone=tone, url=_url(self.actor, APPROVALS))
            )
        return figures

    def _book(self) -> list[Figure]:
        """For who keeps or reads the book rather than the counter: what the SACCO has, and what it has earned."""
        if not self.actor.may("ledger:report:view") or self.actor.may("teller:till:assign"):
            return []
        book = ledger.trial_balance(self.session, self.day, currency=self.currency, branches=self.actor.branch_ids)
        code, url = self.currency.code, _url(self.actor, TRIAL_BALANCE)
        return [
            Figure(f"Assets, {code}", book.assets.format(), "at the end of today", url=url),
            Figure(f"Surplus, {code}", book.surplus.format(), "income less expenses so far", url=url),
        ]

    def _counter(self) -> list[Figure]:
        if not self.actor.may("transactions:transaction:view"):
            return []
        whose = "by you" if self.own else ""
        url = _url(self.actor, "transactions.list_transactions")
        rows = (
            (f"Paid in today, {self.currency.code}", self.today.paid_in, [flow.paid_in for flow in self.flows]),
            (f"Paid out today, {self.currency.code}", self.today.paid_out, [flow.paid_out for flow in self.flows]),
        )
        figures = [self._figure(label, self._amount(value), whose, url, series) for label, value, series in rows]
        counts = Figure("Transactions today", f"{self.today.count:,}", whose, url=url)
        return [*figures, counts]

    def _figure(self, label: str, value: str, note: str, url: str, series: Sequence[int]) -> Figure:
        data = [
            Datum(_short(flow.day), amount, self._amount(amount))
            for flow, amount in zip(self.flows, series, strict=True)
        ]
        return Figure(label, value, note, url=url, spark=spark_line(data) if len(data) > 1 else None)

    def _members(self) -> list[Figure]:
        if not self.actor.may("members:member:view") or self.own:
            return []
        counts = members.count_by_status(self.session, self.actor)
        waiting = counts.get("pending_approval", 0)
        note = f"{waiting} waiting for admission" if waiting else ""
        return [
            Figure("Active members", f"{counts.get('active', 0):,}", note, url=_url(self.actor, "members.list_members"))
        ]

    def _savings(self) -> list[Figure]:
        if not self.actor.may("savings:account:view") or self.own:
            return []
        products = savings.total_by_product(self.session, self.actor)
        count, held = sum(row[1] for row in products), sum(row[2] for row in products)
        label = f"Members' savings, {self.currency.code}"
        return [Figure(label, self._amount(held), f"in {count:,} accounts", url=_url(self.actor, TRIAL_BALANCE))]

    def _cash(self) -> list[Figure]:
        if not self.actor.may("teller:till:view"):
            return []
        cash = sum(amount for _, amount in queries.cash_by_till(self.session, self.actor))
        counted = queries.tills_counted(self.session, self.actor)
        return [
            Figure(
                f"Cash in tills, {self.currency.code}",
                self._amount(cash),
                f"{counted} more being counted" if counted else "",
                url=_url(self.actor, "teller.vault_page"),
            )
        ]

    def pictures(self) -> list[Picture]:
        """At most three, of what this person looks after: the counter, the book, or the members."""
        trends = Trends(self.session, self.actor, self.day, self.currency)
        if self.own:
            return self._paid_in()
        if self.actor.may("teller:till:assign"):
            drawn = [*self._paid_in(), *self._till_picture(), self._joined(trends)]
        elif self.actor.may("ledger:report:view"):
            drawn = [trends.saved(), trends.earned_and_spent(), self._joined(trends)]
        else:
            drawn = [self._joined(trends), *self._paid_in()]
        return [picture for picture in drawn if picture is not None][:PICTURES]

    def _joined(self, trends: Trends) -> Picture | None:
        return trends.joined() if self.actor.may("members:member:view") else None

    def _paid_in(self) -> list[Picture]:
        """What came in each day."""
        if len(self.flows) < 2:
            return []
        inward = [Datum(_short(flow.day), flow.paid_in, self._amount(flow.paid_in)) for flow in self.flows]
        whose = " by you" if self.own else ""
        return [Picture(f"Paid in{whose} per day, {self.currency.code}", bars=bar_chart(inward, self.unit))]

    def _till_picture(self) -> list[Picture]:
        if not self.actor.may("teller:till:view"):
            return []
        tills = queries.cash_by_till(self.session, self.actor)
        if not any(amount for _, amount in tills):
            return []
        data = [Datum(name, amount, self._amount(amount)) for name, amount in tills]
        return [Picture(f"Cash by till, {self.currency.code}", bars=bar_chart(data, self.unit))]

    def _amount(self, minor: int) -> str:
        return Money(minor, self.currency).format()


ROW = 6
PICTURES = 3
APPROVALS = "approvals.list_requests"
TRIAL_BALANCE = "ledger.trial_balance"


def _url(actor: Actor, endpoint: str) -> str:
    return url_for(endpoint) if may_open(actor, endpoint) else ""


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"
