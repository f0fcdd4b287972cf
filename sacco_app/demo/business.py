"""Weeks of counter business for the demo SACCO."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from sacco_app.demo.load import History


class Business:
    """Plays the days of the branches, from the first until today."""

    def __init__(self, history: History, branches: dict[str, UUID], members: list[tuple[UUID, str]]) -> None:
        self.history, self.branches, self.members = history, branches, members

    def run(self) -> int:
        """Play. Returns how many transactions there were."""
        return 0
