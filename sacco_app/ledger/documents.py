"""The trial balance on paper, with a code by which its figures can be proven."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.documents import service as documents
from sacco_app.documents.registry import DocumentKind, register_document
from sacco_app.documents.types import Content, RequestDocument
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.dates import format_date
from sacco_app.ledger import queries
from sacco_app.ledger.types import Perm
from sacco_app.organisation import queries as organisation

KIND = "ledger.trial_balance"


def request_trial_balance(session: Session, actor: Actor, clock: Clock, as_of: date, branch_id: UUID | None) -> UUID:
    """Ask for the trial balance at the end of `as_of`, of one branch or of all. Returns the document's id."""
    actor.require(Perm.REPORT_VIEW)
    if branch_id is not None or actor.branch_ids is not None:
        actor.require_branch(branch_id)
    where = organisation.get_branch(session, branch_id).name if branch_id else "all branches"
    params = {"as_of": as_of.isoformat(), "branch_id": str(branch_id or "")}
    title = f"Trial balance, {where}, {format_date(as_of)}"
    return documents.request_document(session, actor, clock, RequestDocument(KIND, params, title, branch_id=branch_id))


def build(session: Session, clock: Clock, params: Mapping[str, str]) -> Content:
    """The accounts with a balance, and both totals."""
    branch_id = UUID(params["branch_id"]) if params["branch_id"] else None
    as_of = date.fromisoformat(params["as_of"])
    book = queries.trial_balance(session, as_of, branch_id, organisation.get_profile(session).currency)
    facts = (
        ("At the end of", format_date(as_of)),
        ("Accounts", f"{len(book.rows):,}"),
        ("Total debit", str(book.total_debit)),
        ("Total credit", str(book.total_credit)),
    )
    return Content({"book": book}, facts)


def register() -> None:
    """Make the kind of document known."""
    register_document(DocumentKind(KIND, "Trial balance", "trial_balance.html", Perm.REPORT_VIEW, build))
