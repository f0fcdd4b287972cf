"""Sending a document that is ready by e-mail, from the document's page."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.documents.types import DocumentsPermission
from sacco_app.kernel.dates import format_instant
from sacco_app.kernel.errors import Conflict, RuleViolation
from sacco_app.kernel.uow import run
from sacco_app.members import letters
from sacco_app.members.letters import Letter
from sacco_app.members.views.blueprint import blueprint
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.htmx import notify, redirect_to


@blueprint.post("/documents/<uuid:document_id>/mail")
@requires(DocumentsPermission.DOCUMENT_MAIL)
def mail_document(document_id: UUID) -> Response:
    """The answer is told on the document's page, a refusal too: there is nothing to type again."""
    actor, clock = current_actor(), current_clock()
    try:
        letter = run(actor, clock, lambda s: letters.mail_document(s, actor, clock, document_id))
    except (RuleViolation, Conflict) as error:
        notify(error.message, "error")
    else:
        _tell(letter)
    return redirect_to(url_for("documents.show_document", document_id=document_id))


def _tell(letter: Letter) -> None:
    if letter.refused:
        notify(f"It does not go to {letter.address}: {letter.refused[0].lower()}{letter.refused[1:]}", "error")
    elif letter.not_before:
        notify(f"It goes to {letter.address} when the quiet hours are over, {format_instant(letter.not_before)}")
    else:
        notify(f"It is on its way to {letter.address}")
