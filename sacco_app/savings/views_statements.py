"""Pages that ask for statements: of one account, or of all."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from sacco_app.documents.types import DocumentsPermission
from sacco_app.kernel.db import db
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries
from sacco_app.savings.documents import request_run, request_statement
from sacco_app.savings.forms import StatementForm, StatementRunForm
from sacco_app.savings.types import SavingsPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, requires
from sacco_app.webkit.forms import submit
from sacco_app.webkit.htmx import redirect_to, respond

blueprint = Blueprint("statements", __name__, url_prefix="/savings")


@blueprint.route("/accounts/<uuid:account_id>/statement", methods=["GET", "POST"])
@requires(P.ACCOUNT_VIEW)
def new_statement(account_id: UUID) -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    account = queries.get_account(session, actor, account_id)
    form = StatementForm(organisation.business_date(session, account.branch_id))
    done = submit(form, lambda s: request_statement(s, actor, clock, account_id, form.first.data, form.last.data))
    if done.done:
        return redirect_to(url_for("documents.show_document", document_id=done.value))
    return respond(
        "savings/statement_form.html", block="form_region", status=form.status, form=form, account=account, run=False
    )


@blueprint.route("/statements", methods=["GET", "POST"])
@requires(DocumentsPermission.BATCH_MAKE)
def new_statement_run() -> Response:
    session, actor, clock = db.session(), current_actor(), current_clock()
    branches = organisation.list_branches(session, actor)
    form = StatementRunForm(branches[0].business_date, [(str(branch.id), branch.name) for branch in branches])

    def work(inner: Session) -> UUID:
        return request_run(inner, actor, clock, form.branch_id, form.first.data, form.last.data)

    done = submit(form, work)
    if done.done:
        return redirect_to(url_for("documents.show_batch", batch_id=done.value))
    return respond(
        "savings/statement_form.html", block="form_region", status=form.status, form=form, account=None, run=True
    )
