"""A visit to one node of the menus, and the moves that can come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sacco_app.kernel.gsm7 import clip
from sacco_app.kernel.money import Money
from sacco_app.ussd.menu import Node
from sacco_app.ussd.ports import Bank
from sacco_app.ussd.screens import SACCO_WIDTH, account_label, lines
from sacco_app.ussd.texts import say
from sacco_app.ussd.types import Account, Outcome, Screen, State


class Vanished(Exception):
    """What was chosen a moment ago is no longer there."""


@dataclass(frozen=True, slots=True)
class Go:
    """On to another node. `proved`: the PIN was right. `note` is shown above the next screen."""

    to: str
    slots: Mapping[str, str] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict, repr=False)
    proved: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """The same node once more, with a note or on another page."""

    note: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The session is over."""

    text: str = field(repr=False)
    outcome: Outcome = Outcome.DONE


Move = Go | Again | End


@dataclass(frozen=True, slots=True)
class Visit:
    """One node, in one session, with the bank behind it."""

    state: State
    node: Node
    bank: Bank
    note: str = ""

    def say(self, key: str, **values: object) -> str:
        """A text in the member's language; the SACCO's name and number are known to all."""
        known = {"sacco": clip(self.bank.sacco, SACCO_WIDTH), "tel": self.bank.help_line}
        return say(self.state.language, key, **(known | values))

    @property
    def footer(self) -> str:
        """The way back, where there is one."""
        return self.say("back") if self.state.trail else ""

    @property
    def member_id(self) -> UUID:
        return UUID(self.state.member_id)

    def accounts(self) -> Sequence[Account]:
        return self.bank.accounts(self.member_id)

    def account(self, slot: str) -> Account:
        """The account that was chosen into a slot. Raises Vanished."""
        wanted = self.state.slots.get(slot)
        found = next((one for one in self.accounts() if str(one.id) == wanted), None)
        if found is None:
            raise Vanished
        return found

    def fee(self, amount: Money) -> Money:
        """What moving this amount out of the chosen account costs."""
        return self.bank.fee(self.member_id, self.account("from").id, amount)

    def ask(self, *parts: str) -> Screen:
        """A screen that waits for an answer: the note, the question, the way back."""
        return Screen(lines(self.note, *parts, self.footer), more=True)

    def end(self, key: str, outcome: Outcome = Outcome.DONE, **values: object) -> End:
        return End(self.say(key, **values), outcome)

    def refuse(self, key: str, **values: object) -> End:
        return self.end(key, Outcome.REFUSED, **values)


def label(account: Account) -> str:
    """An account on one line."""
    return account_label(account.product, account.number)


class Kind:
    """What nodes of one kind do. `enter` may lead on at once; else `show` asks and `take` reads the answer."""

    def enter(self, visit: Visit) -> Move | None:
        """What happens on arrival; None to show the node and wait."""
        return None

    def show(self, visit: Visit) -> Screen:
        """The screen of the node."""
        raise NotImplementedError

    def take(self, visit: Visit, typed: str) -> Move:
        """What comes of an answer."""
        raise NotImplementedError
