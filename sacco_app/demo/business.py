"""The counter business of the demo SACCO, played through the services day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import service as approvals
from sacco_app.demo import cash
from sacco_app.demo.accounts import Accounts
from sacco_app.demo.joining import Joining
from sacco_app.demo.plan import PLACES, Place
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import KAMPALA, Clock
from sacco_app.kernel.money import UGX, Money
from sacco_app.organisation import queries as organisation
from sacco_app.organisation import service as organisation_service
from sacco_app.savings import queries as savings
from sacco_app.teller import service
from sacco_app.teller.types import (
    CashDeposit,
    CashWithdrawal,
    CloseTill,
    Counts,
    FundVault,
    IssueFloat,
    ReceiveTill,
    SaveTill,
)

if TYPE_CHECKING:
    from sacco_app.demo.load import History

FLOAT: Counts = ((50_000, 20), (20_000, 20), (10_000, 30), (5_000, 40), (1_000, 100))
VAULT = 60_000_000
TILL_LIMIT = 20_000_000
DAYS_HEARD = 2
HARVEST = (1, 6, 7, 12)
SAVED = (20, 30, 50, 50, 80, 100, 150, 200, 350)


@dataclass(slots=True)
class Counter:
    """One branch's counter: who works there, the till, and the accounts of its members."""

    place: Place
    branch_id: UUID
    teller: Actor
    custodian: Actor
    till_id: UUID
    accounts: list[UUID]


class Business:
    """Plays the days of the branches, from the first until today. The same every time."""

    def __init__(self, history: History, branches: dict[str, UUID], joining: Joining) -> None:
        self.history, self.dice, self.joining = history, history.dice, joining
        self.posted = self.keys = 0
        first = history.do(history.person("teller"), _business_date, 0)
        self.accounts = Accounts(history, branches[PLACES[0].code], first)
        self.counters = [self._set_up(place, branches[place.code]) for place in PLACES]

    def _key(self) -> str:
        self.keys += 1
        return f"demo-{self.keys}"

    def _set_up(self, place: Place, branch_id: UUID) -> Counter:
        code = place.code
        teller, custodian, manager = (
            self.history.person(role, code) for role in ("teller", "head_teller", "branch_manager")
        )
        till = SaveTill("T1" if code == "HQ" else f"{code[0]}1", f"Counter 1, {code}", branch_id, TILL_LIMIT)
        till_id = self.history.do(manager, lambda s, actor, clock: service.save_till(s, actor, clock, till), 0)
        opening = FundVault(branch_id, Money(VAULT, UGX), "Opening cash", self._key())
        asked = self.history.do(custodian, lambda s, actor, clock: service.ask_fund_vault(s, actor, clock, opening), 0)
        self.history.do(manager, lambda s, actor, clock: approvals.approve(s, actor, clock, asked, "Counted too"), 0)
        return Counter(place, branch_id, teller, custodian, till_id, [])

    def run(self, progress: Callable[[int, int], None]) -> int:
        """Play. Returns how many transactions there were at the counters."""
        first = self.history.do(self.counters[0].teller, _business_date, 0)
        today = self.history.today
        span = (first + timedelta(days=number) for number in range((today - first).days + 1))
        days = [day for day in span if day == first or self.history.plan.is_open(day, today)]
        for number, day in enumerate(days, 1):
            if number == len(days) - DAYS_HEARD:
                self.history.forget()
            self._play(day, first)
            progress(number, len(days))
        self.accounts.leave_one_waiting(today)
        return self.posted

    def _play(self, day: date, first: date) -> None:
        for counter in self.counters:
            if day != first and not self._open_day(counter, day):
                continue
            self.history.not_before(day)
            if counter.place is PLACES[0]:
                self.accounts.until(day)
            counter.accounts += self.joining.until(day, counter.place.code)
            self._open_till(counter)
            visits = self.dice.randint(*counter.place.visits)
            coming = self.dice.sample(counter.accounts, min(len(counter.accounts), visits))
            for number, account_id in enumerate(coming):
                if number == len(coming) // 2:
                    cash.at_noon(self.history, counter, self._key())
                self._visit(counter, account_id, day)
            if day != self.history.today:
                self._close_till(counter, day)

    def _open_day(self, counter: Counter, day: date) -> bool:
        """Move the branch to this day, unless it is a holiday there."""
        branch = counter.branch_id
        self.history.not_before(day)

        def work(session: Session, actor: Actor, clock: Clock) -> bool:
            if organisation.working_day(session, day, branch) != day:
                return organisation.business_date(session, branch) == day
            organisation_service.open_business_date(session, actor, clock, branch, day)
            return True

        return self.history.do(Actor.system(), work, 0)

    def _open_till(self, counter: Counter) -> None:
        command = IssueFloat(counter.till_id, counter.teller.user_id, FLOAT, self._key())
        given = self.history.do(
            counter.custodian, lambda s, actor, clock: service.issue_float(s, actor, clock, command), 1
        )
        self.history.do(counter.teller, lambda s, actor, clock: service.accept_float(s, actor, clock, given))

    def _visit(self, counter: Counter, account_id: UUID, day: date) -> None:
        """A member comes: mostly to save, more so after the harvest; now and then to take a part of it out."""
        self.posted += 1
        if self.dice.random() < (0.2 if day.month in HARVEST else 0.35) and self._take_out(counter, account_id):
            return
        grown = 1 + day.toordinal() % 365 / 700
        amount = Money(round(self.dice.choice(SAVED) * grown / 5) * 5_000, UGX)
        saved = CashDeposit(account_id, amount, "", "", "", self._key())
        self.history.do(counter.teller, lambda s, actor, clock: service.deposit(s, actor, clock, saved))

    def _take_out(self, counter: Counter, account_id: UUID) -> bool:
        """Withdraw a part of what is available; False when that is too little."""
        account = self.history.do(counter.teller, lambda s, actor, _now: savings.get_account(s, actor, account_id), 0)
        most = min(account.available.minor // 20_000, 90)
        if most < 3:
            return False
        paid = CashWithdrawal(account_id, Money(self.dice.randint(2, most) * 10_000, UGX), "", "", self._key())
        self.history.do(counter.teller, lambda s, actor, clock: service.withdraw(s, actor, clock, paid))
        return True

    def _close_till(self, counter: Counter, day: date) -> None:
        """Count and close; now and then some coins are missing."""
        evening = datetime.combine(day, time(16, 30), KAMPALA).astimezone(UTC)
        self.history.clock.instant = max(self.history.clock.instant, evening)
        session_id, book = self.history.do(counter.teller, cash.till_and_cash, 0)
        missing = self.dice.choice((0, 0, 0, 0, 200, 400))
        command = CloseTill(session_id, pieces(book - missing), "Coins" if missing else "", self._key())
        self.history.do(counter.teller, lambda s, actor, clock: service.close_till(s, actor, clock, command), 0)
        received = ReceiveTill(session_id, command.counts, "", self._key())
        self.history.do(counter.custodian, lambda s, actor, clock: service.receive_till(s, actor, clock, received))


def _business_date(session: Session, actor: Actor, _clock: Clock) -> date:
    assert actor.branch_id
    return organisation.business_date(session, actor.branch_id)


def pieces(amount: int) -> Counts:
    """An amount as notes and coins, the largest first."""
    counts = []
    for value in (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100):
        number, amount = divmod(amount, value)
        if number:
            counts.append((value, number))
    return tuple(counts)
