"""Reads of estates: who is paid from the accounts of a member who died, and by what right (handbook 1.5)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from sacco_app.kernel.errors import NotFound
from sacco_app.members import rules
from sacco_app.members.errors import EstateNotOpen
from sacco_app.members.models import Estate, EstateHeir, Member
from sacco_app.members.types import EstateBasis, EstateFacts, Heir, MemberStatus

ADULT = 18
PAPERS = "/members/documents/"


def facts(session: Session, row: Estate) -> EstateFacts:
    """A settlement with its heirs, the largest share first."""
    query = select(EstateHeir).where(EstateHeir.estate_id == row.id).order_by(EstateHeir.share.desc(), EstateHeir.id)
    heirs = tuple(
        Heir(one.id, one.name, one.relationship, one.phone, one.share, one.born_on, one.guardian)
        for one in session.scalars(query)
    )
    return EstateFacts(
        row.id,
        row.member_id,
        EstateBasis(row.basis),
        row.died_on,
        row.certificate_number,
        row.certificate_id,
        row.letter_number,
        row.letter_id,
        heirs,
    )


def open_estate(session: Session, member_id: UUID) -> EstateFacts | None:
    """The settlement by which the member's money is paid out now, if a second person allowed one."""
    query = select(Estate).where(
        Estate.member_id == member_id, Estate.opened_at.is_not(None), Estate.ended_at.is_(None)
    )
    row = session.scalars(query).first()
    return facts(session, row) if row else None


def payable(session: Session, heir_id: UUID) -> tuple[EstateFacts, Heir]:
    """The open estate of a member who is dead, and the heir in it. Raises NotFound, EstateNotOpen."""
    estate_id = session.scalar(select(EstateHeir.estate_id).where(EstateHeir.id == heir_id))
    if estate_id is None:
        raise NotFound(what="heir")
    row = session.get_one(Estate, estate_id)
    status = session.scalar(select(Member.status).where(Member.id == row.member_id))
    if row.opened_at is None or row.ended_at is not None or status != MemberStatus.DECEASED:
        raise EstateNotOpen
    estate = facts(session, row)
    heir = estate.heir(heir_id)
    assert heir is not None
    return estate, heir


def is_minor(heir: Heir, today: date) -> bool:
    """Whether a guardian is paid for this heir."""
    return heir.born_on is not None and rules.age_on(today, heir.born_on) < ADULT


def papers(session: Session, estate_id: UUID) -> list[tuple[str, str]]:
    """The scans that were handed in, as name and address. The request that waits bears the settlement's id."""
    row = session.get(Estate, estate_id)
    if row is None:
        return []
    found = [(f"Death certificate {row.certificate_number}", f"{PAPERS}{row.certificate_id}")]
    return [*found, (f"Letter {row.letter_number}", f"{PAPERS}{row.letter_id}")] if row.letter_id else found


def is_deceased(session: Session, member_id: UUID) -> bool:
    """Whether the member has died: nothing with a balance is sent to their telephone."""
    return session.scalar(select(Member.status).where(Member.id == member_id)) == MemberStatus.DECEASED
