"""Statements of account as PDF: asked for, made by a worker, fetched."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, url_for
from sqlalchemy.orm import Session

from sacco_app.api.blueprint import blueprint, operation
from sacco_app.api.guards import MEMBER
from sacco_app.api.limits import STATEMENTS
from sacco_app.api.schemas import me as schemas
from sacco_app.api.types import StatementStatus
from sacco_app.api.views.me import me
from sacco_app.documents import queries as documents
from sacco_app.documents.service import file_of
from sacco_app.documents.types import DocumentFacts, DocumentStatus
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.uow import run
from sacco_app.savings.documents import KIND, request_statement
from sacco_app.webkit.auth import current_clock

TAG = "Statements"
SHOWN = {DocumentStatus.READY: StatementStatus.READY, DocumentStatus.FAILED: StatementStatus.FAILED}


def _own(session: Session, member_id: UUID, statement_id: UUID) -> DocumentFacts:
    document = documents.document_of_member(session, member_id, statement_id)
    if document.kind != KIND:
        raise NotFound(what="statement")
    return document


def _told(document: DocumentFacts) -> dict[str, Any]:
    status = SHOWN.get(document.status, StatementStatus.PENDING)
    pdf = url_for("api.fetch_statement", statement_id=document.id) if status is StatementStatus.READY else None
    return {"id": document.id, "status": status, "requested_at": document.requested_at, "pdf": pdf}


@operation(
    "/me/statements",
    MEMBER,
    tag=TAG,
    method="POST",
    status=202,
    out=schemas.Statement,
    headers={"Location": "Location"},
    refuses=(NotFound,),
    limit=STATEMENTS,
)
@blueprint.arguments(schemas.StatementRequest)
def ask_for_statement(given: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Ask for a statement of account as PDF

    It is made in the background: look at the `Location` until the status is `ready`, commonly a few seconds.
    """
    (actor, member_id), clock = me(), current_clock()

    def work(session: Session) -> DocumentFacts:
        wanted = request_statement(session, actor, clock, given["account_id"], given["from_date"], given["to_date"])
        return _own(session, member_id, wanted)

    document = run(actor, clock, work)
    return _told(document), 202, {"Location": url_for("api.show_statement", statement_id=document.id)}


@operation("/me/statements/<uuid:statement_id>", MEMBER, tag=TAG, out=schemas.Statement, refuses=(NotFound,))
def show_statement(statement_id: UUID) -> dict[str, Any]:
    """How far a statement is"""
    return _told(_own(db.session(), me()[1], statement_id))


@operation("/me/statements/<uuid:statement_id>/pdf", MEMBER, tag=TAG, media_type="application/pdf", refuses=(NotFound,))
def fetch_statement(statement_id: UUID) -> Response:
    """The PDF of a statement that is ready"""
    document = _own(db.session(), me()[1], statement_id)
    if document.status is not DocumentStatus.READY:
        raise NotFound(what="statement")
    response = Response(file_of(document.path).read_bytes(), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{document.filename}"'
    return response
