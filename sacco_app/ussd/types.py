"""Words of the USSD room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sacco_app.kernel.money import Money

LANGUAGES = ("en", "lg", "sw")


class UssdPermission(StrEnum):
    SESSION_VIEW = "ussd:session:view"
    SIMULATOR_USE = "ussd:simulator:use"


class EventKind(StrEnum):
    """What a gateway tells of a session."""

    START = "start"
    INPUT = "input"
    END = "end"
    TIMEOUT = "timeout"


class Outcome(StrEnum):
    """How a session ended."""

    OPEN = "open"
    DONE = "done"
    LEFT = "left"
    TIMED_OUT = "timed_out"
    REFUSED = "refused"
    FAILED = "failed"


class PinAnswer(StrEnum):
    """What came of a PIN that was typed, or of a new one that was chosen (WEAK)."""

    RIGHT = "right"
    MUST_CHANGE = "must_change"
    WRONG = "wrong"
    LOCKED = "locked"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    NOT_SET = "not_set"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class UssdEvent:
    """One call of a gateway, in our words.

    `latest` is what was typed on this hop; on the first hop, what was dialled behind the code. A gateway that resends
    everything typed so far gives `path` instead, joined by `*`, and the desk takes the difference. What may hold a PIN
    stays out of `repr`, so that no log line can show it.
    """

    gateway: str
    session_id: str
    phone: str
    kind: EventKind
    latest: str = field(default="", repr=False)
    path: str | None = field(default=None, repr=False)
    sequence: int | None = None
    service_code: str = ""
    network: str = ""
    outcome: Outcome = Outcome.LEFT
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Screen:
    """What the telephone shows. `more` waits for an answer. `menu` is the node that it stands for."""

    text: str = field(repr=False)
    more: bool
    menu: str = ""
    outcome: Outcome = Outcome.OPEN


@dataclass(frozen=True, slots=True)
class State:
    """Where a session stands. `key` and `step` name a command so that it happens once; `sealed` holds PINs.

    `proved` is true after the PIN was right, until the member leaves that branch of the menu.
    """

    key: str
    member_id: str = ""
    language: str = "en"
    node: str = "home"
    trail: tuple[str, ...] = ()
    page: int = 0
    slots: Mapping[str, str] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict, repr=False)
    step: int = 0
    proved: bool = False
    earlier: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """The member whose telephone this is. `chosen`: the language was chosen on the telephone before."""

    id: UUID
    name: str
    language: str
    chosen: bool
    served: bool
    pin: PinAnswer
    messages: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """An account as a small screen can show it."""

    id: UUID
    product: str
    number: str
    balance: Money
    available: Money


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a mini statement; `amount` is negative for what went out."""

    day: date
    amount: Money


@dataclass(frozen=True, slots=True)
class PinCheck:
    """The answer to a PIN, and how many tries are left before the lock."""

    answer: PinAnswer
    tries_left: int = 0


@dataclass(frozen=True, slots=True)
class Transferred:
    """A transfer that is on the book."""

    number: str
    amount: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Hop:
    """What the audit row of a session learns from one hop; no text that was typed or shown."""

    session_hash: str
    gateway: str
    phone_masked: str
    phone_hash: str
    service_code: str
    network: str
    member_id: UUID | None
    language: str
    menu: str
    outcome: Outcome
