"""A local Africa's Talking for SMS: `python -m sacco_app.integrations.simulators.africastalking --callback URL`.

Answers as the provider does (protocols 2.1) and calls back with delivery reports. The last figures of a number decide:
`…403` is no number, `…405` finds no balance, `…406` has blocked us, `…401` is kept for a check, `…500` gets no answer at
all after it was taken, `…404` is taken and later reported as failed; any other is taken and delivered.
"""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4
from wsgiref.simple_server import make_server

import httpx

KEY = "simulator-key"
PRICE = "UGX 35.0000"
FATES = {
    "403": ("InvalidPhoneNumber", 403),
    "405": ("InsufficientBalance", 405),
    "406": ("UserInBlacklist", 406),
    "401": ("RiskHold", 401),
}
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """One text that the simulator took."""

    id: str
    to: str
    text: str
    sender: str


@dataclass
class Simulator:
    """The WSGI application. `taken` is what members would have on their telephones."""

    callback: str = ""
    taken: list[Taken] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_APIKEY") != KEY:
            return _answer(start_response, "401 Unauthorized", "The supplied authentication is invalid", "text/plain")
        if environ["PATH_INFO"] != "/version1/messaging" or environ["REQUEST_METHOD"] != "POST":
            return _answer(start_response, "404 Not Found", "no such thing", "text/plain")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        recipients = [self._take(number, form) for number in form.get("to", "").split(",") if number]
        sent = sum(recipient["statusCode"] == 101 for recipient in recipients)
        words = f"Sent to {sent}/{len(recipients)} Total Cost: UGX {35 * sent}.0000 Message parts: 1"
        told = {"SMSMessageData": {"Message": words, "Recipients": recipients}}
        lost = any(number.endswith("500") for number in form.get("to", "").split(","))
        return _answer(start_response, "201 Created", "" if lost else json.dumps(told), "application/json")

    def _take(self, number: str, form: dict[str, str]) -> dict[str, Any]:
        if number[-3:] in FATES:
            word, code = FATES[number[-3:]]
            return {"number": number, "status": word, "statusCode": code, "messageId": "None", "cost": "0"}
        text = Taken(f"ATXid_{uuid4().hex}", number, form.get("message", ""), form.get("from", ""))
        self.taken.append(text)
        if self.callback:
            threading.Timer(0.3, self.report, (text,)).start()
        return {"number": number, "status": "Success", "statusCode": 101, "messageId": text.id, "cost": PRICE}

    def report(self, text: Taken) -> None:
        """Call back as the provider does: first that it was sent, then what became of it."""
        failed = text.to.endswith("404")
        last = {"status": "Failed", "failureReason": "DeliveryFailure"} if failed else {"status": "Success"}
        for told in ({"status": "Sent"}, last):
            form = {"id": text.id, "phoneNumber": text.to, "networkCode": "64110", **told}
            httpx.post(self.callback, data=form, timeout=5)


def _answer(start_response: StartResponse, status: str, body: str, kind: str) -> list[bytes]:
    start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body.encode())))])
    return [body.encode()]


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A local Africa's Talking for SMS")
    parser.add_argument("--port", type=int, default=8155)
    parser.add_argument("--callback", default="", help="where delivery reports go: …/hooks/sms/at/<secret>/dlr")
    told = parser.parse_args()
    with make_server("127.0.0.1", told.port, Simulator(told.callback)) as server:  # type: ignore[arg-type]
        server.serve_forever()


if __name__ == "__main__":
    main()
