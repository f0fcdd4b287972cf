"""What stands at the head of every page of a member: who it is, how they stand, what waits, what is missing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from werkzeug.wrappers import Response

from sacco_app.approvals import queries as approvals
from sacco_app.kernel.clock import local_date
from sacco_app.kernel.db import db
from sacco_app.members import ports, queries, rules
from sacco_app.members.models import Member
from sacco_app.members.types import Likeness, Twin
from sacco_app.organisation import queries as organisation
from sacco_app.webkit.auth import current_actor, current_clock
from sacco_app.webkit.htmx import respond


def member_page(template: str, member_id: UUID, *, status: int = 200, **context: Any) -> Response:
    """A page of one member in the actor's branches. Raises NotFound."""
    session, actor = db.session(), current_actor()
    row = queries.get_row(session, actor, member_id)
    figures = [f for panel in ports.panels() if panel.figures for f in panel.figures(session, actor, member_id)]
    waiting = [(one.summary, f"/approvals/{one.id}") for one in approvals.waiting_for(session, f"/members/{row.id}")]
    return respond(
        template,
        status=status,
        row=row,
        facts=queries.get_member(session, member_id),
        branch=organisation.get_branch(session, row.branch_id),
        figures=figures,
        waiting=waiting,
        warnings=_warnings(row),
        **context,
    )


def known_twins(person: Likeness, but: UUID | None = None) -> list[tuple[Twin, bool]]:
    """Who it may be, and whether the actor may open the record."""
    actor = current_actor()
    return [(twin, actor.sees_branch(twin.branch_id)) for twin in queries.twins(db.session(), person, but)]


def _warnings(row: Member) -> list[str]:
    today = local_date(current_clock().now())
    told = rules.nin_warnings(row.nin, row.sex, row.date_of_birth) if row.nin else []
    if row.id_expires_on is not None and row.id_expires_on < today:
        told.append("The ID has expired: ask for the new one")
    if row.review_on is not None and row.review_on < today:
        told.append("The review of this member is overdue")
    return told
