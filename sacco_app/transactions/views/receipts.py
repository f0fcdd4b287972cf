"""Receipts: looking at one, printing one (which is counted), and the public page that proves one."""

from __future__ import annotations

import io
from uuid import UUID

import segno
from flask import Response as FlaskResponse
from flask import current_app, request
from flask import session as browser
from werkzeug.wrappers import Response

from sacco_app.kernel.db import db
from sacco_app.kernel.masking import masked_name
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.kernel.uow import run
from sacco_app.organisation import queries as organisation
from sacco_app.transactions import queries, receipt, rules, service
from sacco_app.transactions.blueprint import blueprint
from sacco_app.transactions.models import Transaction
from sacco_app.transactions.types import TITLES, TransactionKind
from sacco_app.transactions.types import TransactionsPermission as P
from sacco_app.webkit.auth import current_actor, current_clock, public, requires
from sacco_app.webkit.htmx import respond
from sacco_app.webkit.limits import PUBLIC_CHECK, limited

PAPERS = {"a5": "paper-a5", "80": "paper-80"}


@blueprint.get("/transactions/<uuid:transaction_id>/receipt")
@requires(P.TRANSACTION_VIEW)
def show_receipt(transaction_id: UUID) -> Response:
    """The receipt on the screen. Nothing is counted, and the browser's own print gives no receipt."""
    session = db.session()
    row = queries.get_row(session, current_actor(), transaction_id)
    return _paper(row, queries.prints(session, row.id), printing=False)


@blueprint.post("/transactions/<uuid:transaction_id>/receipt")
@requires(P.RECEIPT_PRINT)
def print_receipt(transaction_id: UUID) -> Response:
    """Print: the first paper is the original, every later one says DUPLICATE and which."""
    actor, clock = current_actor(), current_clock()
    before = run(actor, clock, lambda s: service.print_receipt(s, actor, clock, transaction_id))
    return _paper(queries.get_row(db.session(), actor, transaction_id), before, printing=True)


def _paper(row: Transaction, printed: int, *, printing: bool) -> Response:
    session = db.session()
    wanted = request.values.get("paper", browser.get("paper", "a5"))
    amount = Money(row.amount_minor, CURRENCIES[row.currency])
    paper = browser["paper"] = wanted if wanted in PAPERS else "a5"
    return respond(
        "transactions/receipt.html",
        row=row,
        title=TITLES[TransactionKind(row.kind)],
        sacco=organisation.get_profile(session),
        branch=organisation.get_branch(session, row.branch_id),
        lines=receipt.lines(session, row),
        amount=amount,
        words=rules.in_words(amount),
        reversal=queries.reversal_of(session, row.id),
        printed=printed,
        printing=printing,
        paper=paper,
        paper_class=PAPERS[paper],
        check_url=check_url(row.check_code),
    )


def check_url(code: str) -> str:
    """The public address that proves a receipt."""
    return f"{current_app.extensions['config'].public_url}/check/{code}"


@blueprint.get("/check/<string:code>")
@public
@limited(PUBLIC_CHECK)
def check_receipt(code: str) -> Response:
    """Whether a paper is real: kind, amount, day and a masked name, and whether it was taken back."""
    session = db.session()
    row = queries.by_check_code(session, code)
    shown = None
    if row is not None:
        shown = {
            "title": TITLES[TransactionKind(row.kind)],
            "name": masked_name(row.member_name),
            "amount": Money(row.amount_minor, CURRENCIES[row.currency]),
            "at": row.at,
            "receipt": row.receipt_number or row.number,
            "reversed": queries.reversal_of(session, row.id) is not None,
        }
    sacco = organisation.get_profile(session)
    return respond(
        "transactions/check.html", status=200 if shown else 404, shown=shown, sacco=sacco, sacco_name=sacco.name
    )


@blueprint.get("/check/<string:code>/picture")
@public
@limited(PUBLIC_CHECK)
def check_picture(code: str) -> Response:
    """The QR code of the public address."""
    picture = io.BytesIO()
    segno.make(check_url(code[:16]), error="m").save(picture, kind="svg", scale=3, border=1)
    return FlaskResponse(picture.getvalue(), mimetype="image/svg+xml")
