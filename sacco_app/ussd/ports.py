"""What the room needs from outside: the bank behind the menus, and the dialects of the gateways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from sacco_app.kernel.money import Money
from sacco_app.ussd.types import Account, Caller, Line, PinCheck, Screen, Transferred, UssdEvent


class Bank(Protocol):
    """The rooms below, as the menus see them. A refusal of a rule is raised as a SaccoError."""

    @property
    def sacco(self) -> str:
        """The SACCO's short name."""

    @property
    def help_line(self) -> str:
        """The number to call."""

    def caller(self, phone: str) -> Caller | None:
        """The member whose number this is (E.164)."""

    def member(self, member_id: UUID) -> Caller:
        """The same for a member who is known already."""

    def accounts(self, member_id: UUID) -> Sequence[Account]:
        """The member's accounts that can be used, oldest first."""

    def statement(self, member_id: UUID, account_id: UUID) -> Sequence[Line]:
        """The last five lines of an account, newest first."""

    def fee(self, member_id: UUID, account_id: UUID, amount: Money) -> Money:
        """What a transfer of this amount costs."""

    def verify_pin(self, member_id: UUID, pin: str) -> PinCheck:
        """Count the try and say what came of it."""

    def change_pin(self, member_id: UUID, present: str, wanted: str) -> PinCheck:
        """Replace the PIN: RIGHT when done, WEAK when the new one is too easy."""

    def transfer(self, member_id: UUID, source: UUID, target: UUID, amount: Money, key: str) -> Transferred:
        """Move money between two accounts of the member, once for each key."""

    def set_language(self, member_id: UUID, language: str) -> None:
        """Remember the language that was chosen."""

    def set_messages(self, member_id: UUID, *, agreed: bool) -> None:
        """Messages by SMS, or none."""

    def block(self, member_id: UUID) -> None:
        """Shut the member's USSD and app access at once."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call as it arrived, without its web framework. Its values may hold a PIN: it has no readable `repr`."""

    method: str
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to the gateway."""

    body: str = field(repr=False)
    mimetype: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)


class Dialect(Protocol):
    """How one gateway writes."""

    def parse(self, incoming: Incoming) -> UssdEvent:
        """Raises EventUnreadable, NotOurs."""

    def render(self, event: UssdEvent, screen: Screen) -> Reply:
        """The screen as this gateway wants it."""

    def acknowledge(self, event: UssdEvent) -> Reply:
        """The answer to the news that a session ended."""
