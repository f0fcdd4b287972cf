"""Reads of the documents room."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session

from sacco_app.documents.models import Document, DocumentBatch
from sacco_app.documents.registry import document_kinds
from sacco_app.documents.types import BatchProgress, DocumentFacts, DocumentStatus
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound


def in_scope(actor: Actor) -> Select[Document]:
    """What the actor asked for, and what lies in the branches and kinds that the actor may see."""
    kinds = [kind.name for kind in document_kinds() if actor.may(kind.permission)]
    of_kind = Document.kind.in_(kinds) if kinds else false()
    query = select(Document)
    if actor.branch_ids is None:
        return query.where(or_(Document.requested_by == actor.user_id, of_kind))
    return query.where(or_(Document.requested_by == actor.user_id, of_kind & Document.branch_id.in_(actor.branch_ids)))


def facts(row: Document) -> DocumentFacts:
    """A document's row as facts."""
    return DocumentFacts(
        id=row.id,
        kind=row.kind,
        title=row.title,
        status=DocumentStatus(row.status),
        requested_at=row.requested_at,
        ready_at=row.ready_at,
        path=row.path,
        size=row.size,
        sha256=row.sha256,
        check_code=row.check_code,
        error=row.error,
        facts=tuple((label, value) for label, value in row.facts),
        batch_id=row.batch_id,
        member_id=row.member_id,
    )


def get_document(session: Session, actor: Actor, document_id: UUID) -> DocumentFacts:
    """One document in the actor's scope. Raises NotFound."""
    row = session.scalars(in_scope(actor).where(Document.id == document_id)).first()
    if row is None:
        raise NotFound(what="document")
    return facts(row)


def document_of_member(session: Session, member_id: UUID, document_id: UUID) -> DocumentFacts:
    """One of the member's own documents. Raises NotFound, also for the document of somebody else."""
    row = session.get(Document, document_id)
    if row is None or row.member_id != member_id:
        raise NotFound(what="document")
    return facts(row)


def by_check_code(session: Session, code: str) -> DocumentFacts | None:
    """The finished document that a check code belongs to."""
    row = session.scalars(select(Document).where(Document.check_code == code[:16])).first()
    return facts(row) if row is not None and row.status == DocumentStatus.READY else None


def is_the_file(document: DocumentFacts, content: bytes) -> bool:
    """True when these bytes are the file that we made."""
    return hashlib.sha256(content).hexdigest() == document.sha256


def progress(session: Session, actor: Actor, batch_id: UUID) -> BatchProgress:
    """How far a run is. Raises NotFound when it is not the actor's and not in the actor's branches."""
    batch = session.get(DocumentBatch, batch_id)
    if batch is None or (batch.requested_by != actor.user_id and not actor.sees_branch(batch.branch_id)):
        raise NotFound(what="run of documents")
    query = select(Document.status, func.count(), func.max(Document.ready_at)).where(Document.batch_id == batch_id)
    counts = {status: (count, last) for status, count, last in session.execute(query.group_by(Document.status))}
    ready, last = counts.get(DocumentStatus.READY.value, (0, None))
    failed, _ = counts.get(DocumentStatus.FAILED.value, (0, None))
    return BatchProgress(batch.id, batch.title, batch.total, ready, failed, batch.requested_at, last)


def batches(session: Session, actor: Actor, limit: int = 10) -> list[BatchProgress]:
    """The latest runs of the actor."""
    query = select(DocumentBatch.id).where(DocumentBatch.requested_by == actor.user_id)
    ids = session.scalars(query.order_by(DocumentBatch.requested_at.desc()).limit(limit))
    return [progress(session, actor, batch_id) for batch_id in ids]
