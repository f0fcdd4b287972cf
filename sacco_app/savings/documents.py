"""Statements of savings accounts on paper: one for whoever asks, or one for every account of a branch."""

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
from sacco_app.kernel.masking import masked_name, masked_number
from sacco_app.members import queries as members
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries
from sacco_app.savings.models import SavingsAccount
from sacco_app.savings.statements import statement
from sacco_app.savings.types import AccountFacts, AccountStatus
from sacco_app.savings.types import SavingsPermission as P

KIND = "savings.statement"


def request_statement(session: Session, actor: Actor, clock: Clock, account_id: UUID, first: date, last: date) -> UUID:
    """Ask for the statement of one account, both days included. A member may ask for an own account alone.

    Returns the document's id. Raises NotFound.
    """
    if actor.member_id is not None and not actor.permissions:
        account = queries.account_of_member(session, actor.member_id, account_id)
    else:
        account = queries.get_account(session, actor, account_id)
    return documents.request_document(session, actor, clock, wish_for(account, first, last))


def request_run(session: Session, actor: Actor, clock: Clock, branch_id: UUID | None, first: date, last: date) -> UUID:
    """Ask for the statements of all active accounts of a branch (None: of all that the actor sees). Returns the run."""
    query = queries.in_scope(actor).where(SavingsAccount.status == AccountStatus.ACTIVE)
    if branch_id is not None:
        actor.require_branch(branch_id)
        query = query.where(SavingsAccount.branch_id == branch_id)
    rows = session.scalars(query.order_by(SavingsAccount.number))
    commands = [wish_for(queries.facts(session, row), first, last) for row in rows]
    title = f"Statements {format_date(first)} to {format_date(last)}"
    return documents.request_batch(session, actor, clock, title, branch_id, commands)


def wish_for(account: AccountFacts, first: date, last: date) -> RequestDocument:
    return RequestDocument(
        kind=KIND,
        params={"account_id": str(account.id), "from": first.isoformat(), "to": last.isoformat()},
        title=f"Statement {account.number}, {format_date(first)} to {format_date(last)}",
        branch_id=account.branch_id,
        member_id=account.member_id,
    )


def build(session: Session, clock: Clock, params: Mapping[str, str]) -> Content:
    """What stands in a statement: who, opening balance, each movement with the balance after it, closing, holds (4.1)."""
    account_id = UUID(params["account_id"])
    first, last = date.fromisoformat(params["from"]), date.fromisoformat(params["to"])
    account = queries.get_account(session, Actor.system(), account_id)
    owner = members.get_member(session, account.member_id)
    shown = statement(session, account, first, last)
    context = {
        "account": account,
        "owner": owner,
        "branch": organisation.get_branch(session, account.branch_id),
        "first": first,
        "last": last,
        "opening": shown.opening,
        "closing": shown.closing,
        "lines": shown.lines,
        "total_out": shown.total_out,
        "total_in": shown.total_in,
    }
    facts = (
        ("Account", masked_number(account.number)),
        ("Member", masked_name(owner.full_name)),
        ("Opening balance", str(shown.opening)),
        ("Movements", f"{len(shown.lines):,}"),
        ("Closing balance", str(shown.closing)),
    )
    return Content(context, facts)


def register() -> None:
    """Make the kind of document known."""
    register_document(DocumentKind(KIND, "Account statement", "statement.html", P.ACCOUNT_VIEW, build))
