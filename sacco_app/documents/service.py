"""Asking for documents, and writing down what the worker made."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sacco_app.documents.errors import NothingToMake
from sacco_app.documents.models import Document, DocumentBatch
from sacco_app.documents.registry import get_document_kind
from sacco_app.documents.types import (
    BatchDone,
    BulkRequested,
    Content,
    DocumentsPermission,
    DocumentStatus,
    Ready,
    RequestDocument,
    Requested,
)
from sacco_app.kernel import outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.ids import new_code, new_id
from sacco_app.kernel.nudges import nudge, user_room

_place: dict[str, Path] = {}


def configure(folder: Path) -> None:
    """Say where the files of documents are kept: outside the web root."""
    _place["folder"] = folder


def request_document(session: Session, actor: Actor, clock: Clock, command: RequestDocument) -> UUID:
    """Ask for a document; a worker makes it. A dedupe key that was used before gives the earlier document's id."""
    get_document_kind(command.kind)
    if command.dedupe_key:
        earlier = session.scalar(select(Document.id).where(Document.dedupe_key == command.dedupe_key))
        if earlier:
            return earlier
    document_id = new_id()
    statement = insert(Document).values(_row(document_id, actor, clock.now(), command))
    made = session.scalar(statement.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(Document.id))
    if made is None:
        return session.scalars(select(Document.id).where(Document.dedupe_key == command.dedupe_key)).one()
    outbox.record(session, Requested(document_id) if command.is_awaited else BulkRequested(document_id))
    return document_id


def request_batch(
    session: Session,
    actor: Actor,
    clock: Clock,
    title: str,
    branch_id: UUID | None,
    commands: Sequence[RequestDocument],
) -> UUID:
    """Ask for many documents at once; they wait behind everything that somebody waits for. Raises NothingToMake."""
    actor.require(DocumentsPermission.BATCH_MAKE)
    if not commands:
        raise NothingToMake
    batch_id, now = new_id(), clock.now()
    session.add(
        DocumentBatch(
            id=batch_id,
            title=title,
            branch_id=branch_id,
            total=len(commands),
            requested_by=actor.user_id,
            requested_at=now,
        )
    )
    session.flush()
    rows = [_row(new_id(), actor, now, command, batch_id) for command in commands]
    session.execute(insert(Document), rows)
    for row in rows:
        outbox.record(session, BulkRequested(row["id"]))  # type: ignore[arg-type]
    return batch_id


def _row(
    document_id: UUID, actor: Actor, now: datetime, command: RequestDocument, batch_id: UUID | None = None
) -> dict[str, object]:
    return {
        "id": document_id,
        "kind": command.kind,
        "title": command.title[:200],
        "params": dict(command.params),
        "branch_id": command.branch_id,
        "member_id": command.member_id,
        "batch_id": batch_id,
        "dedupe_key": command.dedupe_key,
        "requested_by": command.requested_by or actor.user_id,
        "requested_at": now,
        "status": DocumentStatus.REQUESTED.value,
        "path": "",
        "size": 0,
        "sha256": "",
        "check_code": new_code(14),
        "facts": [],
        "error": "",
    }


def begin(session: Session, clock: Clock, document_id: UUID) -> tuple[Document, Content] | None:
    """Read what stands in the document; None when it is made already."""
    row = session.scalars(select(Document).where(Document.id == document_id).with_for_update()).one()
    if row.status == DocumentStatus.READY:
        return None
    content = get_document_kind(row.kind).build(session, clock, row.params)
    row.status, row.error = DocumentStatus.RENDERING, ""
    row.facts = [list(pair) for pair in content.facts]
    session.flush()
    session.expunge(row)
    return row, content


def keep(document_id: UUID, made: bytes) -> tuple[str, str]:
    """Keep the file under the document's id, whole or not at all. Returns its place and SHA-256."""
    relative = f"{document_id.hex[-2:]}/{document_id.hex}.pdf"
    target = _place["folder"] / relative
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{new_id().hex}")
    fresh.write_bytes(made)
    fresh.rename(target)
    return relative, hashlib.sha256(made).hexdigest()


def file_of(path: str) -> Path:
    """Where a document's file lies on this machine."""
    return _place["folder"] / path


def complete(session: Session, clock: Clock, document_id: UUID, path: str, sha256: str, size: int) -> None:
    """The file is there: say so, once."""
    row = session.scalars(select(Document).where(Document.id == document_id).with_for_update()).one()
    if row.status == DocumentStatus.READY:
        return
    row.status, row.ready_at = DocumentStatus.READY, clock.now()
    row.path, row.sha256, row.size = path, sha256, size
    nudge(session, user_room(row.requested_by), "documents")
    outbox.record(session, Ready(row.id, row.kind, row.title, row.requested_by, row.member_id, row.batch_id))
    _tell_of_batch(session, row.batch_id)


def give_up(session: Session, document_id: UUID, error: str) -> None:
    """The document could not be made; the failed job can be tried again."""
    row = session.scalars(select(Document).where(Document.id == document_id).with_for_update()).one()
    if row.status != DocumentStatus.READY:
        row.status, row.error = DocumentStatus.FAILED, error[:300]
        nudge(session, user_room(row.requested_by), "documents")
        _tell_of_batch(session, row.batch_id)


def _tell_of_batch(session: Session, batch_id: UUID | None) -> None:
    """Say so when this was the last of a run; the run's row is locked, so that one of two last ones sees the other."""
    if batch_id is None:
        return
    session.flush()
    batch = session.scalars(select(DocumentBatch).where(DocumentBatch.id == batch_id).with_for_update()).one()
    counted = select(Document.status, func.count()).where(Document.batch_id == batch_id).group_by(Document.status)
    counts = dict(session.execute(counted).tuples().all())
    failed = counts.get(DocumentStatus.FAILED.value, 0)
    if counts.get(DocumentStatus.READY.value, 0) + failed == batch.total:
        outbox.record(session, BatchDone(batch.id, batch.title, batch.requested_by, batch.total, failed))
