"""SMS over Africa's Talking: one form POST for each text (protocols 2.1).

The provider keeps no id of ours, so a call whose answer is lost has an unknown outcome and is not repeated here. It
answers 201 even when nothing was sent: each recipient's own code decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

from sacco_app.kernel.errors import ExternalFailure
from sacco_app.notifications.types import Outgoing, SendResult, SendState

TIMEOUT = httpx.Timeout(30, connect=5)
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
TAKEN = {100, 101, 102}
LATER = {405, 407, 500, 501}
RISK_HOLD = 401
_COST = re.compile(r"([A-Z]{3})\s*([\d,]+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class AfricasTalkingSms:
    """The gateway. `transport` is replaced in tests; `base_url` may be the sandbox or the local simulator."""

    base_url: str
    username: str
    api_key: str = field(repr=False)
    sender_id: str = ""
    transport: httpx.BaseTransport | None = field(default=None, repr=False)
    name: str = "africastalking"
    idempotent: bool = False

    def send(self, batch: Sequence[Outgoing]) -> list[SendResult]:
        """Hand the messages over, those with the same text in one call."""
        found = {result.our_id: result for group in _groups(batch) for result in self._post(group)}
        return [found[one.our_id] for one in batch]

    def fetch(self, after: int) -> bytes:
        """The texts that came in since the one with this number, as the provider writes them. Raises ExternalFailure."""
        try:
            with self._client() as client:
                asked = {"username": self.username, "lastReceivedId": str(after)}
                return client.get("/version1/messaging", params=asked).raise_for_status().content
        except httpx.HTTPError as trouble:
            raise ExternalFailure from trouble

    def _client(self) -> httpx.Client:
        headers = {"apiKey": self.api_key, "Accept": "application/json"}
        return httpx.Client(base_url=self.base_url, headers=headers, timeout=TIMEOUT, transport=self.transport)

    def _post(self, group: Sequence[Outgoing]) -> list[SendResult]:
        form = {
            "username": self.username,
            "to": ",".join(one.to for one in group),
            "message": group[0].text,
            **({"from": self.sender_id} if self.sender_id else {}),
            "bulkSMSMode": "1",
            "enqueue": "1",
        }
        try:
            with self._client() as client:
                answer = client.post("/version1/messaging", data=form)
        except NOT_SENT as trouble:
            return _all(group, SendState.LATER, f"not reached: {type(trouble).__name__}")
        except httpx.HTTPError as trouble:
            return _all(group, SendState.UNKNOWN, f"no answer: {type(trouble).__name__}")
        return _read(group, answer)


def _groups(batch: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
    """Messages that may share a call: the same text, and no number twice."""
    groups: list[list[Outgoing]] = []
    for one in batch:
        fitting = (
            g for g in groups if g[0].text == one.text and all(_digits(other.to) != _digits(one.to) for other in g)
        )
        group = next(fitting, None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    yield from groups


def _all(group: Sequence[Outgoing], state: SendState, code: str) -> list[SendResult]:
    return [SendResult(one.our_id, state, code=code) for one in group]


def _read(group: Sequence[Outgoing], answer: httpx.Response) -> list[SendResult]:
    status = answer.status_code
    if status in (401, 429):
        return _all(group, SendState.LATER, f"HTTP {status}: {answer.text.strip()[:100]}")
    if status >= 500:
        return _all(group, SendState.UNKNOWN, f"HTTP {status}")
    if status >= 400:
        return _all(group, SendState.REJECTED, f"HTTP {status}: {answer.text.strip()[:100]}")
    try:
        told = answer.json()["SMSMessageData"]
        recipients = {_digits(str(r["number"])): r for r in told["Recipients"]}
    except (ValueError, KeyError, TypeError):
        return _all(group, SendState.UNKNOWN, "an answer that cannot be read")
    whole = str(told.get("Message", ""))[:100]
    return [_result(one, recipients.get(_digits(one.to)), whole) for one in group]


def _result(one: Outgoing, recipient: dict[str, Any] | None, whole: str) -> SendResult:
    if recipient is None:
        return SendResult(one.our_id, SendState.REJECTED, code=whole or "not among the recipients")
    text = str(recipient.get("statusCode", ""))
    number = int(text) if text.isdigit() else 0
    code = f"{text} {recipient.get('status', '')}".strip()
    if number in TAKEN:
        cost, currency = _cost(str(recipient.get("cost", "")))
        return SendResult(one.our_id, SendState.ACCEPTED, str(recipient.get("messageId", "")), code, cost, currency)
    if number == RISK_HOLD:  # the provider keeps it for a check and may still send it
        return SendResult(one.our_id, SendState.UNKNOWN, code=code)
    return SendResult(one.our_id, SendState.LATER if number in LATER else SendState.REJECTED, code=code)


def _cost(text: str) -> tuple[Decimal | None, str]:
    found = _COST.search(text)
    return (Decimal(found[2].replace(",", "")), found[1]) if found else (None, "")


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
