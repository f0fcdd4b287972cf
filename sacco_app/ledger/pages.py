"""What the pages of the ledger share: the branch and day a reader means, filters, currencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import request
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute, Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import local_date
from sacco_app.kernel.errors import NotPermitted
from sacco_app.kernel.money import Currency
from sacco_app.ledger.catalogue import event_name, event_titles
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_clock
from sacco_app.webkit.tables import Filter


def currency(session: Session) -> Currency:
    """The currency of the SACCO."""
    return organisation.get_profile(session).currency


def working_day(session: Session, actor: Actor) -> date:
    """The business date of the actor's branch, else the latest of all branches in the actor's scope."""
    days = {branch.id: branch.business_date for branch in organisation.list_branches(session, actor)}
    if actor.branch_id in days:
        return days[actor.branch_id]
    return max(days.values(), default=local_date(current_clock().now()))


def maybe_day(name: str) -> date | None:
    """A date of the URL; None when it is missing or not a date."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def day_argument(name: str, default: date) -> date:
    """A date of the URL; the default when it is missing or not a date."""
    return maybe_day(name) or default


def uuid_argument(name: str) -> UUID | None:
    """An id of the URL; None when it is missing or not an id."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


def branch_choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """The branches of the actor's scope, for a select."""
    return [(str(branch.id), branch.name) for branch in organisation.list_branches(session, actor)]


def branch_filter(session: Session, actor: Actor, column: InstrumentedAttribute[UUID]) -> Filter:
    """A filter by branch; what is not an id filters nothing."""

    def apply(_value: str) -> ColumnElement[bool] | None:
        branch = uuid_argument("branch")
        return column == branch if branch else None

    return Filter("branch", "Branch", apply, "select", branch_choices(session, actor))


def event_filter(column: InstrumentedAttribute[str]) -> Filter:
    """A filter by event, with the names of the handbook."""
    choices = [(code, event_name(code)) for code in event_titles()]
    return Filter("event", "Event", lambda value: column == value, "select", choices)


def shown_filter(
    name: str,
    label: str,
    default: str = "",
    kind: str = "date",
    choices: Sequence[tuple[str, str]] = (),
    blank: str = "All",
) -> Filter:
    """A filter that the page applies itself."""
    return Filter(name, label, lambda _value: None, kind, choices, default, blank)


@dataclass(frozen=True, slots=True)
class Scope:
    """The branches that a report is about: one, or (`ids` None) all of the SACCO, or all that the reader sees."""

    branch_id: UUID | None
    ids: tuple[UUID, ...] | None
    words: str


def scope(session: Session, actor: Actor) -> Scope:
    """The branch of the URL, else every branch that the reader sees. Raises NotPermitted."""
    branches = {branch.id: branch.name for branch in organisation.list_branches(session, actor)}
    branch_id = uuid_argument("branch")
    if branch_id is None and len(branches) == 1 and actor.branch_ids is not None:
        branch_id = next(iter(branches))
    if branch_id is not None:
        if branch_id not in branches:
            raise NotPermitted(branch_id=str(branch_id))
        return Scope(branch_id, (branch_id,), branches[branch_id])
    return Scope(None, None if actor.branch_ids is None else tuple(branches), "All branches")


def scope_filter(session: Session, actor: Actor, chosen: Scope) -> Filter:
    """The choice of branch of a report."""
    default = str(chosen.branch_id) if chosen.branch_id else ""
    return shown_filter("branch", "Branch", default, "select", branch_choices(session, actor), "All branches")
