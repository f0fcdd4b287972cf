"""Messages for tests, and a gateway that does what it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from sacco_app.kernel.ids import new_id
from sacco_app.kernel.uow import transaction
from sacco_app.notifications import ports, service
from sacco_app.notifications.types import Channel, Message, Outgoing, SendResult, SendState
from sacco_app.organisation.queries import list_branches


class Scripted:
    """A gateway without memory of our ids. `answers` are given in turn; the last one for ever."""

    name = "scripted"
    idempotent = False

    def __init__(self) -> None:
        self.taken: list[Outgoing] = []
        self.answers: list[Callable[[Outgoing], SendResult]] = [
            lambda one: SendResult(one.our_id, SendState.ACCEPTED, f"ID_{len(self.taken)}")
        ]

    def send(self, batch: Sequence[Outgoing]) -> list[SendResult]:
        self.taken.extend(batch)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [answer(one) for one in batch]


@pytest.fixture
def gateway(app):
    """A scripted SMS gateway in place of the console."""
    usual = ports.gateway(Channel.SMS)
    scripted = Scripted()
    ports.bind_gateways({Channel.SMS: scripted})
    yield scripted
    ports.bind_gateways({Channel.SMS: usual})


@pytest.fixture
def tell(session, clock, system):
    """Send one message; gives its id."""

    def send(code="DEPOSIT", **over):
        values = {"cur": "UGX", "amt": "50,000", "acc": "*0123", "dt": "23/11/26 09:00", "bal": "UGX 1", "ref": "R1"}
        known = {
            "event_id": new_id(),
            "to": "+256772000123",
            "values": values | {"name": "Nakato Christine", "mno": "M-000123"},
            "branch_id": list_branches(session)[0].id,
        }
        with transaction(system, clock) as inner:
            return service.send(inner, clock, Message(code, **(known | over)))

    return send
