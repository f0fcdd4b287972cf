"""What the room needs from outside: gateways for each channel, and the bytes of a document. Bound in `app.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sacco_app.notifications.types import Channel, Outgoing, PushResult, PushTarget, Report, SendResult


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


class ReportReader(Protocol):
    """Reads what a provider posts to us, by kind of callback. What it does not understand it leaves out."""

    def reports(self, body: bytes) -> list[Report]: ...

    def inbound(self, body: bytes) -> list[Inbound]: ...

    def opt_outs(self, body: bytes) -> list[str]: ...

    def fetched(self, body: bytes) -> list[Inbound]: ...


class Fetcher(Protocol):
    """Asks a provider for texts that came in, where its callbacks cannot reach us."""

    @property
    def name(self) -> str: ...

    def fetch(self, after: int) -> bytes: ...


class PushGateway(Protocol):
    """Wakes browsers."""

    @property
    def public_key(self) -> str: ...

    def push(self, target: PushTarget, payload: dict[str, str], collapse: str) -> PushResult: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an e-mail."""

    name: str
    mime: str
    content: bytes


_gateways: dict[Channel, Gateway] = {}
_readers: dict[str, ReportReader] = {}
_paths: dict[str, str] = {}
_fetchers: dict[str, Fetcher] = {}
_push: dict[str, PushGateway] = {}
_attachment: dict[str, Callable[[UUID], Attachment]] = {}


def bind_gateways(gateways: Mapping[Channel, Gateway]) -> None:
    """Say who carries which channel."""
    _gateways.update(gateways)


def gateway(channel: Channel) -> Gateway:
    """Who carries a channel. Raises RuntimeError when nobody is bound."""
    if channel not in _gateways:
        raise RuntimeError(f"no gateway is bound for {channel}")
    return _gateways[channel]


def bind_reader(provider: str, path: str, reads: ReportReader) -> None:
    """Say who reads the callbacks of a provider, and the word that stands for it in their path."""
    _readers[provider], _paths[path] = reads, provider


def provider_at(path: str) -> str | None:
    """The provider whose callbacks have this word in their path; None when there is none."""
    return _paths.get(path)


def reader(provider: str) -> ReportReader | None:
    """Who reads the callbacks of a provider; None for one that we do not know."""
    return _readers.get(provider)


def bind_fetcher(fetcher: Fetcher | None) -> None:
    """Say who is to be asked for incoming texts; None for nobody."""
    _fetchers.clear()
    if fetcher is not None:
        _fetchers["sms"] = fetcher


def fetcher() -> Fetcher | None:
    """Who is to be asked for incoming texts."""
    return _fetchers.get("sms")


def bind_push(gateway: PushGateway | None) -> None:
    """Say who wakes browsers; None where no keys are set."""
    _push.clear()
    if gateway is not None:
        _push["push"] = gateway


def push_gateway() -> PushGateway | None:
    """Who wakes browsers; None where nobody does."""
    return _push.get("push")


def bind_attachments(read: Callable[[UUID], Attachment]) -> None:
    """Say where documents are read."""
    _attachment["read"] = read


def attachment(document_id: UUID) -> Attachment:
    """The file of a document. Raises RuntimeError when no room keeps documents."""
    if "read" not in _attachment:
        raise RuntimeError("no room of documents is bound")
    return _attachment["read"](document_id)
