"""Pages of the documents room: documents, runs, and the public page that proves a paper."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, send_file, url_for
from werkzeug.wrappers import Response

from sacco_app.documents import jobs, queries, service
from sacco_app.documents.errors import NotReady
from sacco_app.documents.forms import CompareForm
from sacco_app.documents.models import Document
from sacco_app.documents.registry import document_kinds
from sacco_app.documents.types import DocumentFacts, DocumentsPermission, DocumentStatus
from sacco_app.kernel.db import db
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, public, requires
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.navigation import NavItem, add_navigation
from sacco_app.webkit.tables import Column, Empty, Filter, export, paginate

blueprint = Blueprint("documents", __name__, url_prefix="/documents")
P = DocumentsPermission


def _titles() -> dict[str, str]:
    return {kind.name: kind.title for kind in document_kinds()}


@blueprint.get("")
@requires(P.DOCUMENT_VIEW)
def list_documents() -> Response:
    session, actor, titles = db.session(), current_actor(), _titles()
    columns = (
        Column("title", "Document", sort=Document.title),
        Column("kind", "Kind", sort=Document.kind),
        Column("requested_at", "Asked for", "datetime", sort=Document.requested_at),
        Column("status", "State", "status", sort=Document.status),
        Column("size", "Size", sort=Document.size),
    )
    filters = (
        Filter("title", "Document", lambda v: Document.title.ilike(f"%{v}%")),
        Filter("kind", "Kind", lambda v: Document.kind == v, "select", sorted(titles.items())),
        Filter(
            "status",
            "State",
            lambda v: Document.status == v,
            "select",
            [(s.value, s.value.capitalize()) for s in DocumentStatus],
        ),
        Filter("whose", "Whose", lambda _: Document.requested_by == actor.user_id, "select", [("mine", "Asked by me")]),
    )

    def cells(record: tuple[Document]) -> dict[str, object]:
        row = record[0]
        return {
            "title": {"text": row.title, "url": url_for(".show_document", document_id=row.id)},
            "kind": titles.get(row.kind, row.kind),
            "requested_at": row.requested_at,
            "status": row.status,
            "size": f"{row.size / 1024:,.0f} kB" if row.size else "",
        }

    empty = Empty("No document here", "Ask for one where it belongs: on an account, a receipt or a report.")
    page = paginate(
        session,
        queries.in_scope(actor),
        columns,
        cells,
        filters=filters,
        empty=empty,
        default_sort="requested_at",
        default_direction="desc",
    )
    runs = queries.batches(session, actor)
    return export(page, "documents") or respond("documents/list.html", block="results", page=page, runs=runs)


def _document(document_id: UUID) -> DocumentFacts:
    return queries.get_document(db.session(), current_actor(), document_id)


@blueprint.get("/<uuid:document_id>")
@requires(P.DOCUMENT_VIEW)
def show_document(document_id: UUID) -> Response:
    document = _document(document_id)
    kind = _titles().get(document.kind, document.kind)
    link = jobs.check_url(document.check_code)
    return respond("documents/document.html", block="state", document=document, kind=kind, check_url=link)


@blueprint.get("/<uuid:document_id>/file")
@requires(P.DOCUMENT_VIEW)
def fetch_document(document_id: UUID) -> Response:
    return send_document(_document(document_id))


def send_document(document: DocumentFacts) -> Response:
    """The PDF itself. Raises NotReady."""
    if document.status != DocumentStatus.READY:
        raise NotReady
    return send_file(
        service.file_of(document.path),
        mimetype="application/pdf",
        download_name=document.filename,
        max_age=0,
    )


@blueprint.get("/runs/<uuid:batch_id>")
@requires(P.BATCH_MAKE)
def show_batch(batch_id: UUID) -> Response:
    found = queries.progress(db.session(), current_actor(), batch_id)
    return respond("documents/run.html", block="progress", batch=found)


@blueprint.route("/check/<string:code>", methods=["GET", "POST"])
@public
def check_document(code: str) -> Response:
    """Anybody who holds a paper compares it with what we wrote, or the whole file with the one that we made."""
    session, form = db.session(), CompareForm()
    document = queries.by_check_code(session, code)
    same = None
    if document is not None and form.validate_on_submit():
        same = queries.is_the_file(document, form.file.data.read())
    status = 404 if document is None else form.status
    sacco = organisation.get_profile(session).name
    return respond("documents/check.html", status=status, document=document, form=form, same=same, sacco_name=sacco)


def register(app: Flask) -> None:
    """Add the room to the application."""
    service.configure(app.extensions["config"].upload_dir / "documents")
    app.register_blueprint(blueprint)
    add_navigation(app, NavItem("Control", "Documents", "documents.list_documents", "file-text", 45))
