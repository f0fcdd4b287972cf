"""A bank in memory behind the menus, for the pure tests of the engine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from sacco_app.kernel.errors import RuleViolation
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.savings.errors import InsufficientFunds
from sacco_app.ussd import engine
from sacco_app.ussd.types import (
    Account,
    Caller,
    EventKind,
    Line,
    PinAnswer,
    PinCheck,
    Screen,
    State,
    Transferred,
    UssdEvent,
)

PHONE = "+256772000123"
PIN = "8351"


def account(number: int, balance: int, product: str = "Regular savings", currency=UGX) -> Account:
    money = Money(balance, currency)
    minimum = Money(5_000 * 10**currency.exponent, currency)
    available = max(money - minimum, Money.zero(currency))
    return Account(new_id(), product, f"REG-{number:06d}", money, available)


@dataclass
class Book:
    """One member with accounts and a PIN. Counts what is done to it."""

    sacco: str = "Umoja SACCO"
    help_line: str = "+256800100200"
    member_: Caller = field(
        default_factory=lambda: Caller(new_id(), "Okello Grace", "en", chosen=True, served=True, pin=PinAnswer.RIGHT)
    )
    held: list[Account] = field(
        default_factory=lambda: [account(1, 105_000), account(2, 20_000, "Holiday savings"), account(3, 5_000)]
    )
    lines: list[Line] = field(default_factory=lambda: [Line(date(2026, 11, 23), Money(-50_000, UGX))] * 5)
    pin: str = PIN
    temporary: bool = False
    tries: int = 3
    charge: int = 500
    posted: dict[str, Transferred] = field(default_factory=dict)
    moved: int = 0
    blocked: bool = False
    refuses: bool = False

    def caller(self, phone: str) -> Caller | None:
        return self.member_ if phone == PHONE else None

    def member(self, member_id: UUID) -> Caller:
        return self.member_

    def accounts(self, member_id: UUID) -> list[Account]:
        return self.held

    def statement(self, member_id: UUID, account_id: UUID) -> list[Line]:
        return self.lines

    def fee(self, member_id: UUID, account_id: UUID, amount: Money) -> Money:
        return Money(self.charge, amount.currency)

    def verify_pin(self, member_id: UUID, pin: str) -> PinCheck:
        if self.tries == 0:
            return PinCheck(PinAnswer.LOCKED)
        if pin == self.pin:
            self.tries = 3
            return PinCheck(PinAnswer.MUST_CHANGE if self.temporary else PinAnswer.RIGHT, 3)
        self.tries -= 1
        return PinCheck(PinAnswer.WRONG if self.tries else PinAnswer.LOCKED, self.tries)

    def change_pin(self, member_id: UUID, present: str, wanted: str) -> PinCheck:
        if wanted == "1234":
            return PinCheck(PinAnswer.WEAK)
        assert present == self.pin
        self.pin, self.temporary = wanted, False
        return PinCheck(PinAnswer.RIGHT, 3)

    def transfer(self, member_id: UUID, source: UUID, target: UUID, amount: Money, key: str) -> Transferred:
        if self.refuses:
            raise RuleViolation
        if key in self.posted:
            return self.posted[key]
        at, to = self._index(source), self._index(target)
        out = amount + Money(self.charge, amount.currency)
        if out > self.held[at].available:
            zero = Money.zero(UGX)
            raise InsufficientFunds(available=zero, ledger=zero, held=zero, minimum=zero)
        for index, change in ((at, -out), (to, amount)):
            one = self.held[index]
            self.held[index] = replace(one, balance=one.balance + change, available=one.available + change)
        self.moved += amount.minor
        self.posted[key] = Transferred("T261123-K7QX4M2P", amount, Money(self.charge, amount.currency))
        return self.posted[key]

    def _index(self, account_id: UUID) -> int:
        return next(index for index, one in enumerate(self.held) if one.id == account_id)

    def set_language(self, member_id: UUID, language: str) -> None:
        self.member_ = replace(self.member_, language=language, chosen=True)

    def set_messages(self, member_id: UUID, *, agreed: bool) -> None:
        self.member_ = replace(self.member_, messages=agreed)

    def block(self, member_id: UUID) -> None:
        self.blocked = True


@dataclass
class Phone:
    """Somebody who dials and types."""

    book: Book
    state: State = field(default_factory=lambda: State("s1"))
    screen: Screen = field(default_factory=lambda: Screen("", more=False))
    number: str = PHONE

    def dial(self, behind_the_code: str = "", earlier: dict | None = None) -> str:
        self.state = State("s1", earlier=earlier)
        return self._hop(EventKind.START, behind_the_code)

    def types(self, *inputs: str) -> str:
        for typed in inputs:
            assert self.screen.more, f"the session was over before {typed!r}: {self.screen.text}"
            self._hop(EventKind.INPUT, typed)
        return self.screen.text

    def _hop(self, kind: EventKind, latest: str) -> str:
        event = UssdEvent("test", "s1", self.number, kind, latest)
        self.state, self.screen = engine.handle(self.state, event, self.book)
        return self.screen.text
