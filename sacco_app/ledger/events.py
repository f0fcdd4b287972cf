"""Facts of the ledger that other rooms hear of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DayClosed:
    """A branch has closed a business date: its figures are final but for approved corrections."""

    topic: ClassVar[str] = "ledger.day_closed"

    branch_id: UUID
    day: date
