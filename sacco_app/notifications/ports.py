"""What the room needs from outside: gateways for each channel, and the bytes of a document. Bound in `app.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sacco_app.notifications.types import Channel, Outgoing, Report, SendResult


class Gateway(Protocol):
    """Takes messages of one channel. `idempotent`: the same `our_id` given twice goes out once."""

    @property
    def name(self) -> str: ...

    @property
    def idempotent(self) -> bool: ...

    def send(self, batch: Sequence[Outgoing]) -> list[SendResult]:
        """Hand the messages over. Answers for each; raises nothing for what the provider or the line does."""
        ...


@dataclass(frozen=True, slots=True)
class Inbound:
    """A text that somebody sent to us, or a wish of theirs that the provider passes on."""

    provider_id: str
    sender: str
    text: str


class SmsGateway(Gateway, Protocol):
    """A gateway that also reports."""

    def parse_reports(self, body: bytes) -> list[Report]: ...

    def parse_inbound(self, body: bytes) -> list[Inbound]: ...

    def parse_opt_outs(self, body: bytes) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an e-mail."""

    name: str
    mime: str
    content: bytes


_gateways: dict[Channel, Gateway] = {}
_attachment: dict[str, Callable[[UUID], Attachment]] = {}


def bind_gateways(gateways: Mapping[Channel, Gateway]) -> None:
    """Say who carries which channel."""
    _gateways.update(gateways)


def gateway(channel: Channel) -> Gateway:
    """Who carries a channel. Raises RuntimeError when nobody is bound."""
    if channel not in _gateways:
        raise RuntimeError(f"no gateway is bound for {channel}")
    return _gateways[channel]


def bind_attachments(read: Callable[[UUID], Attachment]) -> None:
    """Say where documents are read."""
    _attachment["read"] = read


def attachment(document_id: UUID) -> Attachment:
    """The file of a document. Raises RuntimeError when no room keeps documents."""
    if "read" not in _attachment:
        raise RuntimeError("no room of documents is bound")
    return _attachment["read"](document_id)
