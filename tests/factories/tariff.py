"""Fees, duty and limits for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import FixedClock
from sacco_app.kernel.db import Base
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.reference import bump
from sacco_app.kernel.uow import transaction

SINCE = date(2021, 1, 1)


def set_duty(clock: FixedClock, rate: str) -> None:
    """The excise duty on fees, since ever."""
    with transaction(Actor.system(), clock) as session:
        session.execute(text("UPDATE parameters SET value = :rate WHERE key = 'fee.excise.rate'"), {"rate": rate})
        bump(session)


def set_fee(clock: FixedClock, kind: str, flat: int, rate: str = "0", **over: Any) -> None:
    """One more fee rule, since ever."""
    values = {"kind": kind, "from_minor": 0, "flat_minor": flat, "rate": Decimal(rate), "valid_from": SINCE}
    _insert(clock, "fee_rules", values | over)


def set_limit(clock: FixedClock, kind: str, **over: Any) -> None:
    """One more limit, since ever."""
    _insert(clock, "transaction_limits", {"kind": kind, "counted_for": "member", "valid_from": SINCE} | over)


def _insert(clock: FixedClock, table: str, values: dict[str, Any]) -> None:
    with transaction(Actor.system(), clock) as session:
        session.execute(Base.metadata.tables[table].insert().values(id=new_id(), **values))
        bump(session)


def clear_tariff(session: Session, clock: FixedClock) -> None:
    """No fees and no limits at all."""
    with transaction(Actor.system(), clock) as inner:
        inner.execute(text("DELETE FROM fee_rules"))
        inner.execute(text("DELETE FROM transaction_limits"))
        bump(inner)
