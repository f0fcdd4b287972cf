"""What the API needs from elsewhere: somebody who makes statements of account as PDF. Bound in `app.py`."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.api.errors import StatementsUnavailable
from sacco_app.api.types import StatementFacts, StatementWanted
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock


class Statements(Protocol):
    """Makes statements in the background. Each belongs to the member who asked; to others it does not exist."""

    def request(self, session: Session, actor: Actor, clock: Clock, wanted: StatementWanted) -> StatementFacts:
        """Note the wish in this transaction; the PDF follows by the outbox."""

    def get(self, session: Session, actor: Actor, statement_id: UUID) -> StatementFacts:
        """How far it is. Raises NotFound, also for the statement of somebody else."""

    def pdf(self, session: Session, actor: Actor, statement_id: UUID) -> bytes:
        """The file. Raises NotFound until it is ready."""


_bound: dict[str, Statements] = {}


def bind_statements(statements: Statements) -> None:
    """Say who makes statements."""
    _bound["statements"] = statements


def statements() -> Statements:
    """Who makes statements. Raises StatementsUnavailable where nobody does."""
    if "statements" not in _bound:
        raise StatementsUnavailable
    return _bound["statements"]
