"""Words of the notifications room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class NotificationsPermission(StrEnum):
    MESSAGE_VIEW = "notifications:message:view"
    MESSAGE_RESEND = "notifications:message:resend"
    TEMPLATE_VIEW = "notifications:template:view"
    TEMPLATE_EDIT = "notifications:template:edit"


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    PUSH = "push"


class Purpose(StrEnum):
    """Why a message is sent. Security always goes; transaction alerts know no quiet hours; the rest waits for morning."""

    SECURITY = "security"
    TRANSACTION = "transaction"
    SERVICE = "service"
    NEWS = "news"


class Status(StrEnum):
    """Where a message stands. `unknown`: it may have gone out, nobody can say; a person decides."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"


class Language(StrEnum):
    ENGLISH = "en"
    LUGANDA = "lg"
    SWAHILI = "sw"


LANGUAGE_NAMES = {Language.ENGLISH: "English", Language.LUGANDA: "Luganda", Language.SWAHILI: "Swahili"}


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to be told to one address: which words (`code`), because of which event, with which values.

    `values` fill the template; `secrets` do too, but are never kept readable. `consent` is false for a member who does
    not want SMS: only security alerts go then. `attachment_id` is a document's id (e-mail alone).
    """

    code: str
    event_id: UUID
    to: str
    values: Mapping[str, str]
    language: str = Language.ENGLISH
    member_id: UUID | None = None
    user_id: UUID | None = None
    branch_id: UUID | None = None
    consent: bool = True
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    attachment_id: UUID | None = None


STAFF_TOPICS = {
    "approvals": "What waits for you as a second person, and what became of what you asked",
    "security": "Sign-ins with a browser that you did not use before",
    "work": "Papers and runs that are ready",
}


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the inboxes of staff. `subject` names what it is about (`approval:<id>`): settled together.

    A web push says `nudge` alone, which names nobody and no amount.
    """

    event_id: UUID
    user_ids: tuple[UUID, ...]
    topic: str
    title: str
    url: str
    nudge: str
    body: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class MessageKind:
    """What the catalogue says of a message: its title, channel, purpose, the values it may use, the shipped words."""

    code: str
    title: str
    channel: Channel
    purpose: Purpose
    variables: tuple[str, ...]
    texts: Mapping[str, str]
    subjects: Mapping[str, str]
    secrets: frozenset[str]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.texts)


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that a template may use: what it is, an example, and the longest that is to be reckoned with."""

    name: str
    words: str
    example: str
    longest: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words in force for a message in a language. `version` 0 is what was shipped, before anybody changed it."""

    version: int
    subject: str
    body: str
    active: bool
    needs_review: bool


@dataclass(frozen=True, slots=True)
class NewWords:
    """Words for one language as somebody wrote them. `read`: somebody who speaks it from home has read them."""

    language: str
    subject: str
    body: str
    read: bool


@dataclass(frozen=True, slots=True)
class SaveTemplate:
    """The words of a message in its languages, and whether the message is sent at all."""

    code: str
    words: tuple[NewWords, ...]
    active: bool


class SendState(StrEnum):
    """What a gateway said. `later`: refused for now, nothing went out; `unknown`: nobody can say whether it went out."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a gateway gets it. `our_id` is the message's id: a gateway that can, uses it against doubles."""

    our_id: UUID
    to: str
    text: str
    subject: str = ""
    attachment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SendResult:
    """What came of one message. `cost` is in whole currency units as the provider writes it."""

    our_id: UUID
    state: SendState
    provider_id: str = ""
    code: str = ""
    cost: Decimal | None = None
    currency: str = ""


class CallKind(StrEnum):
    """What a provider calls us for; the words stand in the path of the callback. `fetched` is what we asked for."""

    REPORT = "dlr"
    INBOUND = "in"
    OPT_OUT = "optout"
    FETCHED = "fetched"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a provider, as it arrived."""

    provider: str
    kind: CallKind
    content_type: str
    body: bytes
    headers: Mapping[str, str]
    ip: str


class ReportState(StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Report:
    """What a gateway says of a message later. An unknown word of the provider is `pending`, and `code` keeps it."""

    provider_id: str
    state: ReportState
    code: str = ""
    to: str = ""

    @property
    def final(self) -> bool:
        return self.state in (ReportState.DELIVERED, ReportState.FAILED)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that was taken to be sent now."""

    outgoing: Outgoing
    channel: Channel
    attempts: int


class PushResult(StrEnum):
    """What came of waking a browser. `gone`: it does not exist any more."""

    SENT = "sent"
    GONE = "gone"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PushTarget:
    """A browser that may be woken: the address of its maker's service and the keys that it made."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Sums:
    """A selection of messages added up; `costs` by currency, in whole units."""

    count: int
    parts: int
    costs: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one message cost on one day, in one currency, in whole units."""

    day: date
    code: str
    currency: str
    count: int
    parts: int
    cost: Decimal
