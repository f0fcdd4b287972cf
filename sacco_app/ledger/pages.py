"""What the pages of the ledger share: the branch and day a reader means, filters, currencies."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import request
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute, Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import local_date
from sacco_app.kernel.money import Currency
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


def day_argument(name: str, default: date) -> date:
    """A date of the URL; the default when it is missing or not a date."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return default


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


def shown_filter(name: str, label: str, default: str, kind: str = "date") -> Filter:
    """A filter that the page applies itself."""
    return Filter(name, label, lambda _value: None, kind, default=default)
