"""The page's wish for a trial balance on paper."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.uow import run
from sacco_app.ledger import pages
from sacco_app.ledger.blueprint import blueprint
from sacco_app.ledger.documents import request_trial_balance
from sacco_app.ledger.types import Perm
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.htmx import redirect_to


@blueprint.post("/trial-balance/document")
@requires(Perm.REPORT_VIEW)
def make_trial_balance() -> Response:
    """Of the day and branch in the URL, like the page."""
    actor, clock = current_actor(), current_clock()
    as_of, branch_id = (
        pages.day_argument("as_of", pages.working_day(db.session(), actor)),
        pages.uuid_argument("branch"),
    )
    if branch_id is None and actor.branch_ids is not None:
        branch_id = actor.branch_id
    made = run(actor, clock, lambda session: request_trial_balance(session, actor, clock, as_of, branch_id))
    return redirect_to(url_for("documents.show_document", document_id=made))
