"""Papers of manual journals: invoices, minutes, letters. The approver sees them, and they stay with the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel import files
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.ledger.models import JournalPaper
from sacco_app.ledger.types import Event, JournalView

MAX_PAPERS = 4


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it was handed in."""

    name: str
    content: bytes


def keep(
    session: Session, actor: Actor, clock: Clock, request_id: UUID, branch_id: UUID, papers: Sequence[Paper]
) -> None:
    """Check and keep the papers of a request. Raises FileNotAccepted."""
    for paper in papers:
        stored = files.store(paper.content, paper.name)
        session.add(
            JournalPaper(
                request_id=request_id,
                branch_id=branch_id,
                name=paper.name[:120],
                path=stored.path,
                mime=stored.mime,
                size=stored.size,
                sha256=stored.sha256,
                added_by=actor.user_id,
                added_at=clock.now(),
            )
        )
    session.flush()


def of_request(session: Session, request_id: UUID) -> list[tuple[str, str]]:
    """The papers of a request by name: name and address."""
    query = select(JournalPaper.id, JournalPaper.name).where(JournalPaper.request_id == request_id)
    return [
        (name, f"/ledger/papers/{paper_id}") for paper_id, name in session.execute(query.order_by(JournalPaper.name))
    ]


def of_journal(session: Session, journal: JournalView) -> list[tuple[str, str]]:
    """The papers of a posted journal: a manual one is named after the request that it came from."""
    return of_request(session, UUID(journal.source_ref)) if journal.event_code == Event.MANUAL else []


def get_paper(session: Session, actor: Actor, paper_id: UUID) -> JournalPaper:
    """One paper of the actor's branches. Raises NotFound."""
    row = session.get(JournalPaper, paper_id)
    if row is None or not actor.sees_branch(row.branch_id):
        raise NotFound(what="paper")
    return row
