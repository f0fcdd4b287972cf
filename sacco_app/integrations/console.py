"""The gateway of a machine without a gateway: every message becomes a row that can be read, and costs what a part does.

The row is keyed by our id, so the same message handed over twice is there once, as at the best of providers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.db import Base
from sacco_app.kernel.uow import run
from sacco_app.notifications import rules
from sacco_app.notifications.types import Channel, Outgoing, SendResult, SendState


class ConsoleMessage(Base):
    """One message that the console gateway took: append-only."""

    __tablename__ = "console_messages"
    __audited__ = False

    our_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    recipient: Mapped[str] = mapped_column(String(120))
    taken_at: Mapped[datetime]
    characters: Mapped[int]


@dataclass(frozen=True, slots=True)
class ConsoleGateway:
    """Takes everything, at once."""

    channel: Channel
    clock: Clock
    price: Decimal = Decimal(0)
    currency: str = ""
    name: str = "console"
    idempotent: bool = True

    def send(self, batch: Sequence[Outgoing]) -> list[SendResult]:
        """Keep that they were taken; never the text, which the message log has."""
        system = Actor.system("Console gateway", channel="worker")
        run(system, self.clock, lambda session: self._keep(session, batch))
        return [self._answer(one) for one in batch]

    def _keep(self, session: Session, batch: Sequence[Outgoing]) -> None:
        now = self.clock.now()
        rows = [
            {
                "our_id": one.our_id,
                "channel": self.channel.value,
                "recipient": one.to,
                "taken_at": now,
                "characters": len(one.text),
            }
            for one in batch
        ]
        session.execute(insert(ConsoleMessage).values(rows).on_conflict_do_nothing())

    def _answer(self, one: Outgoing) -> SendResult:
        cost = self.price * rules.measure(one.text).segments if self.currency else None
        return SendResult(one.our_id, SendState.ACCEPTED, f"console-{one.our_id}", "", cost, self.currency)
