"""Weeks of counter business for the demo SACCO, played through the services day by day."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import KAMPALA, Clock
from sacco_app.kernel.dates import SUNDAY
from sacco_app.kernel.money import UGX, Money
from sacco_app.organisation import queries as organisation
from sacco_app.organisation import service as organisation_service
from sacco_app.savings import queries as savings_queries
from sacco_app.savings import service as savings
from sacco_app.savings.types import OpenAccount
from sacco_app.teller import queries, service
from sacco_app.teller.types import CashDeposit, CashWithdrawal, CloseTill, Counts, FundVault, IssueFloat, SaveTill

if TYPE_CHECKING:
    from sacco_app.demo.load import History

SEED = 20_260
FLOAT: Counts = ((50_000, 20), (20_000, 20), (10_000, 30), (5_000, 40), (1_000, 100))
VAULT = 60_000_000
TILL_LIMIT = 10_000_000
PRODUCT = "REG"


@dataclass(slots=True)
class Counter:
    """One branch's counter: who works there, the till, and the accounts of its members with what is on them."""

    branch_id: UUID
    teller: Actor
    custodian: Actor
    manager: Actor
    till_id: UUID
    balances: dict[UUID, int]


class Business:
    """Plays the days of the branches, from the first until today. The same every time."""

    def __init__(self, history: History, branches: dict[str, UUID], members: list[tuple[UUID, str]]) -> None:
        self.history = history
        self.dice = random.Random(SEED)  # noqa: S311 - a story, not a secret
        self.posted = self.keys = 0
        self.counters = [self._set_up(code, branch_id, members) for code, branch_id in sorted(branches.items())]

    def _key(self) -> str:
        self.keys += 1
        return f"demo-{self.keys}"

    def _set_up(self, code: str, branch_id: UUID, members: list[tuple[UUID, str]]) -> Counter:
        people = [self.history.person(role, code) for role in ("teller", "head_teller", "branch_manager")]
        teller, custodian, manager = people
        till = SaveTill("T1" if code == "HQ" else "M1", f"Counter 1, {code}", branch_id, TILL_LIMIT)
        till_id = self.history.do(manager, lambda s, actor, clock: service.save_till(s, actor, clock, till))
        cash = FundVault(branch_id, Money(VAULT, UGX), "Opening cash", self._key())
        self.history.do(custodian, lambda s, actor, clock: service.fund_vault(s, actor, clock, cash))
        admitted = [member_id for member_id, where in members if where == code]
        balances = {self._open_account(teller, member_id): 0 for member_id in admitted}
        return Counter(branch_id, teller, custodian, manager, till_id, balances)

    def _open_account(self, teller: Actor, member_id: UUID) -> UUID:
        command = OpenAccount(member_id, PRODUCT, self._key())
        return self.history.do(teller, lambda s, actor, clock: savings.open_account(s, actor, clock, command), 1)

    def run(self) -> int:
        """Play. Returns how many transactions there were at the counters."""
        first = self.history.do(self.counters[0].teller, self._business_date, 0)
        day = first
        while day <= self.history.today:
            if day.weekday() != SUNDAY or day == self.history.today:
                self._play(day, first)
            day += timedelta(days=1)
        return self.posted

    def _business_date(self, session: Session, actor: Actor, clock: Clock) -> date:
        assert actor.branch_id
        return organisation.business_date(session, actor.branch_id)

    def _play(self, day: date, first: date) -> None:
        morning = datetime.combine(day, time(8), KAMPALA).astimezone(UTC)
        for counter in self.counters:
            self.history.clock.instant = min(max(self.history.clock.instant, morning), self.history.end)
            if day != first:
                self._open_day(counter, day)
            self._open_till(counter)
            visits = self.dice.sample(sorted(counter.balances), min(len(counter.balances), self.dice.randint(5, 9)))
            for account_id in visits:
                self._visit(counter, account_id)
            if day != self.history.today:
                self._close_till(counter)

    def _open_day(self, counter: Counter, day: date) -> None:
        branch = counter.branch_id
        self.history.do(
            Actor.system(),
            lambda s, actor, clock: organisation_service.open_business_date(s, actor, clock, branch, day),
            0,
        )

    def _open_till(self, counter: Counter) -> None:
        command = IssueFloat(counter.till_id, counter.teller.user_id, FLOAT, self._key())
        given = self.history.do(
            counter.custodian, lambda s, actor, clock: service.issue_float(s, actor, clock, command), 1
        )
        self.history.do(counter.teller, lambda s, actor, clock: service.accept_float(s, actor, clock, given))

    def _visit(self, counter: Counter, account_id: UUID) -> None:
        """A member comes: mostly to save; now and then to take a part of it out."""
        held = counter.balances[account_id]
        if held > 120_000 and self.dice.random() < 0.3:
            amount = Money(self.dice.randint(2, min(held // 20_000, 90)) * 10_000, UGX)
            paid = CashWithdrawal(account_id, amount, "", "", self._key())
            self.history.do(counter.teller, lambda s, actor, clock: service.withdraw(s, actor, clock, paid))
        else:
            amount = Money(self.dice.choice((20, 30, 50, 50, 80, 100, 150, 200, 350)) * 1_000, UGX)
            saved = CashDeposit(account_id, amount, "", "", "", self._key())
            self.history.do(counter.teller, lambda s, actor, clock: service.deposit(s, actor, clock, saved))
        self.posted += 1
        facts = self.history.do(
            counter.teller, lambda s, actor, _clock: savings_queries.get_account(s, actor, account_id), 0
        )
        counter.balances[account_id] = facts.available.minor

    def _close_till(self, counter: Counter) -> None:
        """Count and close; now and then some coins are missing."""
        evening = self.history.clock.instant.astimezone(KAMPALA).replace(hour=16, minute=30).astimezone(UTC)
        self.history.clock.instant = max(self.history.clock.instant, evening)
        session_id, book = self.history.do(counter.teller, _open_till_and_cash, 0)
        missing = self.dice.choice((0, 0, 0, 0, 200, 400))
        command = CloseTill(session_id, pieces(book - missing), "Coins" if missing else "", self._key())
        self.history.do(counter.teller, lambda s, actor, clock: service.close_till(s, actor, clock, command))


def _open_till_and_cash(session: Session, actor: Actor, _clock: Clock) -> tuple[UUID, int]:
    live = queries.live_session_of(session, actor.user_id)
    assert live is not None
    return live.id, live.balance_minor


def pieces(amount: int) -> Counts:
    """An amount as notes and coins, the largest first."""
    counts = []
    for value in (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100):
        number, amount = divmod(amount, value)
        if number:
            counts.append((value, number))
    return tuple(counts)
