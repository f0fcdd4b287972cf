"""What Africa's Talking tells us later: delivery reports, texts of members, opt-outs (protocols 2.1). Forms, unsigned.

A tolerant reader: every field may be missing but the id; unknown words of the provider are `pending`.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from sacco_app.notifications.ports import Inbound
from sacco_app.notifications.types import Report, ReportState

STATES = {
    "sent": ReportState.SENT,
    "submitted": ReportState.SENT,
    "buffered": ReportState.SENT,
    "success": ReportState.DELIVERED,
    "failed": ReportState.FAILED,
    "rejected": ReportState.FAILED,
    "expired": ReportState.FAILED,
    "absentsubscriber": ReportState.FAILED,
}


class AfricasTalkingReports:
    """Reads what the provider posts to our callbacks."""

    def reports(self, body: bytes) -> list[Report]:
        told = _form(body)
        if not told.get("id"):
            return []
        word = told.get("status", "")
        state = STATES.get(word.lower(), ReportState.PENDING)
        code = " ".join(part for part in (word, told.get("failureReason", "")) if part)
        return [Report(told["id"], state, code[:80], told.get("phoneNumber", ""))]

    def inbound(self, body: bytes) -> list[Inbound]:
        told = _form(body)
        return [_inbound(told)] if told.get("from") else []

    def opt_outs(self, body: bytes) -> list[str]:
        number = _form(body).get("phoneNumber", "")
        return [number] if number else []

    def fetched(self, body: bytes) -> list[Inbound]:
        """The answer to a fetch: several texts in JSON. Raises ValueError where it is no such thing."""
        try:
            messages = json.loads(body)["SMSMessageData"]["Messages"]
            return [_inbound({name: str(value) for name, value in told.items()}) for told in messages]
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not an answer to a fetch") from error


def _form(body: bytes) -> dict[str, str]:
    return {name: value.strip() for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)}


def _inbound(told: dict[str, str]) -> Inbound:
    return Inbound(told.get("id", ""), told.get("from", ""), told.get("text", ""))
