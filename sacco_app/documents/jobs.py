"""The worker's part: read the content, render it outside any transaction, keep the file, say that it is ready."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import segno
from flask import current_app

from sacco_app.documents import service
from sacco_app.documents.models import Document
from sacco_app.documents.registry import get_document_kind
from sacco_app.documents.types import Content
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import SaccoError
from sacco_app.kernel.uow import run
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.jobs import QueueName, subscriber
from sacco_app.webkit.pdf import render_pdf


@subscriber("documents.requested", transaction=False)
def render(clock: Clock, payload: Mapping[str, Any]) -> None:
    """Make a document that somebody waits for."""
    make(clock, UUID(payload["document_id"]))


@subscriber("documents.bulk_requested", queue=QueueName.BULK, transaction=False)
def render_in_bulk(clock: Clock, payload: Mapping[str, Any]) -> None:
    """Make a document that nobody waits for."""
    make(clock, UUID(payload["document_id"]))


def make(clock: Clock, document_id: UUID) -> None:
    """Make it; twice makes it once. A refusal is written on the document in its words; what else failed, on the job."""
    system = Actor.system("System", channel="worker")
    try:
        found = run(system, clock, lambda session: service.begin(session, clock, document_id))
        if found is None:
            return
        row, content = found
        made = render_pdf(html_of(row, content, clock))
        path, sha256 = service.keep(document_id, made)
        run(system, clock, lambda session: service.complete(session, clock, document_id, path, sha256, len(made)))
    except Exception as error:
        words = error.message if isinstance(error, SaccoError) else ""
        run(system, clock, lambda session: service.give_up(session, document_id, words))
        raise


def html_of(row: Document, content: Content, clock: Clock) -> str:
    """The document's HTML as WeasyPrint gets it."""
    url = check_url(row.check_code)
    sacco = run(Actor.system(), clock, organisation.get_profile)
    template = current_app.jinja_env.get_template(f"documents/{get_document_kind(row.kind).template}")
    return template.render(
        **content.context,
        title=row.title,
        sacco=sacco,
        made_at=clock.now(),
        check_url=url,
        check_code=row.check_code,
        qr=segno.make(url, error="m").svg_data_uri(border=0, scale=3),
    )


def check_url(code: str) -> str:
    """The public address that proves a document."""
    return f"{current_app.extensions['config'].public_url}/documents/check/{code}"
