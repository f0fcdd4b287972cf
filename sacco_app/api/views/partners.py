"""What partners' programs read: the book, members, figures. Everything is of the branches that the client may see."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.api.blueprint import blueprint, operation
from sacco_app.api.errors import BranchNeeded, CursorNotUnderstood
from sacco_app.api.guards import CONTACT, client
from sacco_app.api.paging import CursorPage, cut, from_cursor, to_cursor
from sacco_app.api.schemas import ledger as ledger_schemas
from sacco_app.api.schemas import partners as schemas
from sacco_app.api.schemas.common import PageQuery
from sacco_app.kernel import audit
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import db
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import Money
from sacco_app.kernel.uow import run
from sacco_app.ledger import feed
from sacco_app.ledger import queries as ledger
from sacco_app.ledger.chart import chart
from sacco_app.ledger.types import AccountFacts, TrialBalance
from sacco_app.members import queries as members
from sacco_app.members.types import MemberFacts
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries as savings
from sacco_app.webkit.auth import current_actor, current_clock

LEDGER, MEMBERS, REPORTS = client("ledger:read"), client("members:read"), client("reports:read")
IN_BRANCH = (NotFound, BranchNeeded)


def _scope(session: Session, actor: Actor, asked: UUID | None, as_of: date | None) -> tuple[UUID | None, date]:
    """The branch (None: the whole SACCO) and the day. Raises NotFound for a branch of others, BranchNeeded."""
    branch_id = asked
    if asked is None and actor.branch_ids is not None:
        if len(actor.branch_ids) != 1:
            raise BranchNeeded
        (branch_id,) = actor.branch_ids
    if branch_id is not None and not actor.sees_branch(branch_id):
        raise NotFound(what="branch")
    shown = branch_id or organisation.list_branches(session)[0].id
    return branch_id, as_of or organisation.business_date(session, shown)


def _balance(asked: dict[str, Any]) -> TrialBalance:
    session, actor = db.session(), current_actor()
    branch_id, as_of = _scope(session, actor, asked.get("branch_id"), asked.get("as_of"))
    return ledger.trial_balance(session, as_of, branch_id, organisation.get_profile(session).currency)


@operation(
    "/ledger/accounts",
    LEDGER,
    tag="Ledger",
    out=ledger_schemas.GlAccountPage,
    headers={"Link": "Link"},
    refuses=(CursorNotUnderstood,),
)
@blueprint.arguments(PageQuery, location="query", unknown=None)
def list_gl_accounts(asked: dict[str, Any]) -> tuple[CursorPage[AccountFacts], int, dict[str, str]]:
    """The chart of accounts, by code"""
    after = from_cursor(asked["cursor"], str) if "cursor" in asked else ""
    accounts = [account for code, account in sorted(chart(db.session()).by_code.items()) if code > str(after)]
    page = cut(accounts[: asked["limit"] + 1], asked["limit"], lambda account: account.code)
    return page, 200, page.headers


@operation("/ledger/trial-balance", REPORTS, tag="Ledger", out=ledger_schemas.TrialBalance, refuses=IN_BRANCH)
@blueprint.arguments(ledger_schemas.TrialBalanceQuery, location="query", unknown=None)
def show_trial_balance(asked: dict[str, Any]) -> TrialBalance:
    """The trial balance at the end of a day"""
    return _balance(asked)


@operation(
    "/ledger/journals",
    LEDGER,
    tag="Ledger",
    out=ledger_schemas.JournalPage,
    headers={"Link": "Link"},
    refuses=(CursorNotUnderstood,),
)
@blueprint.arguments(ledger_schemas.JournalQuery, location="query", unknown=None)
def list_journals(asked: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Journals since a cursor, in the order of their numbers

    For a copy of the book: take page after page until `next` is null, keep `resume`, come back with it as `cursor`
    later. None is missed and none comes twice. A journal appears when every transaction that began before it has ended,
    commonly at once.
    """
    after, limit = int(from_cursor(asked["cursor"], int)) if "cursor" in asked else 0, asked["limit"]
    rows = feed.journals_after(db.session(), current_actor(), after, limit + 1, asked.get("business_date"))
    page = cut(rows, limit, lambda journal: journal.number)
    resume = to_cursor(page.items[-1].number) if page.items else asked.get("cursor")
    return {"items": page.items, "next": page.next, "resume": resume}, 200, page.headers


@operation("/ledger/journals/<uuid:journal_id>", LEDGER, tag="Ledger", out=ledger_schemas.Journal, refuses=(NotFound,))
def show_journal(journal_id: UUID) -> Any:
    """One journal"""
    return ledger.get_journal(db.session(), current_actor(), journal_id)


def _told(found: list[MemberFacts]) -> list[dict[str, Any]]:
    """The members as far as the scope shows them. Who was told a name or a phone number stands in the audit trail."""
    actor, clock = current_actor(), current_clock()
    names = ("id", "number", "masked_name", "status", "branch_id", "full_name", "phone")
    if not actor.may(CONTACT):
        return [
            {**{name: getattr(member, name) for name in names}, "full_name": None, "phone": None} for member in found
        ]

    def note(session: Session) -> None:
        for member in found:
            audit.record(session, "api.contact_read", ("members", member.id))

    run(actor, clock, note)
    return [{name: getattr(member, name) for name in names} for member in found]


@operation("/members", MEMBERS, tag="Members", out=schemas.PartnerMembers)
@blueprint.arguments(schemas.MemberQuery, location="query", unknown=None)
def find_members(asked: dict[str, str]) -> dict[str, Any]:
    """Members by phone number

    The name is masked, and the phone number is left out, unless the token has the scope `members:contact` too.
    """
    return {"items": _told(members.by_phone(db.session(), current_actor(), asked["phone"]))}


@operation(
    "/members/<string(maxlength=20):number>", MEMBERS, tag="Members", out=schemas.PartnerMember, refuses=(NotFound,)
)
def show_member(number: str) -> dict[str, Any]:
    """A member by number

    Masked in the same way as by phone number.
    """
    return _told([members.by_number(db.session(), current_actor(), number)])[0]


@operation("/reporting/balance-sheet", REPORTS, tag="Reporting", out=schemas.BalanceSheet, refuses=IN_BRANCH)
@blueprint.arguments(schemas.FigureQuery, location="query", unknown=None)
def show_balance_sheet(asked: dict[str, Any]) -> TrialBalance:
    """Totals of the balance sheet at the end of a day"""
    return _balance(asked)


@operation("/reporting/savings", REPORTS, tag="Reporting", out=schemas.SavingsByProduct)
def show_savings() -> dict[str, Any]:
    """Savings by product now"""
    session = db.session()
    currency = organisation.get_profile(session).currency
    rows = savings.total_by_product(session, current_actor())
    items = [{"product": name, "accounts": count, "total": Money(total, currency)} for name, count, total in rows]
    return {"items": items, "total": Money(sum(total for _, _, total in rows), currency)}
