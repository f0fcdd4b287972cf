"""By what right the money of a member who died is paid out: asked for with the papers, allowed by a second person."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.ids import new_id
from sacco_app.members import estates, queries
from sacco_app.members.errors import EstateIncomplete, NobodyNamed, NotDeceased
from sacco_app.members.models import Estate, EstateHeir, Member
from sacco_app.members.service import shared
from sacco_app.members.service.documents import keep_document
from sacco_app.members.types import AskEstate, EstateBasis, MembersPermission, MemberStatus, OpenEstate

ESTATE = "members.estate"
ADMINISTRATOR = "Administrator of the estate"
WHOLE = Decimal("100.00")


def ask_estate(session: Session, actor: Actor, clock: Clock, command: AskEstate) -> UUID:
    """Ask that an estate is paid out. The nomination as it stands, or the letter, is written down with the scans.

    Returns the request that waits. Raises NotDeceased, NobodyNamed, EstateIncomplete, ChangeWaits, FileNotAccepted.
    """
    actor.require(MembersPermission.MEMBER_EDIT)
    member = shared.locked(session, actor, command.member_id)
    _require_deceased(member)
    _require_complete(clock, member, command)
    shared.refuse_second_change(session, member.id)
    certificate = keep_document(session, actor, clock, member, command.certificate)
    letter = keep_document(session, actor, clock, member, command.letter) if command.letter else None
    session.flush()
    row = Estate(
        id=new_id(),
        member_id=member.id,
        basis=command.basis,
        died_on=command.died_on,
        certificate_number=command.certificate_number,
        certificate_id=certificate.id,
        letter_number=command.letter_number,
        letter_id=letter.id if letter else None,
        made_by=actor.user_id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    session.add_all(_heirs(session, member, command, row.id))
    session.flush()
    asked = OpenEstate(member.id, row.id)
    return approvals.submit(session, actor, clock, ESTATE, asked, "Settlement of an estate", request_id=row.id)


def _require_deceased(member: Member) -> None:
    if member.status != MemberStatus.DECEASED:
        raise NotDeceased(number=member.number, status=member.status.replace("_", " "))


def _require_complete(clock: Clock, member: Member, command: AskEstate) -> None:
    if not member.date_of_birth <= command.died_on <= local_date(clock.now()):
        raise EstateIncomplete(what="a day of death between the birth and today")
    if command.basis is EstateBasis.LETTER and not (command.administrator and command.letter_number and command.letter):
        raise EstateIncomplete(what="the administrator's name, the number of the letter and its scan")


def _heirs(session: Session, member: Member, command: AskEstate, estate_id: UUID) -> list[EstateHeir]:
    if command.basis is EstateBasis.LETTER:
        name, phone = command.administrator, command.administrator_phone
        whole = {"share": WHOLE, "guardian": "", "born_on": None}
        return [EstateHeir(estate_id=estate_id, name=name, relationship=ADMINISTRATOR, phone=phone, **whole)]
    named = queries.kin_of(session, member.id)
    if not named:
        raise NobodyNamed(number=member.number)
    return [
        EstateHeir(
            estate_id=estate_id,
            name=one.name,
            relationship=one.relationship,
            phone=one.phone,
            share=one.share,
            born_on=one.born_on,
            guardian=one.address,
        )
        for one in named
    ]


def describe_estate(session: Session, command: OpenEstate) -> Description:
    """What the second person is shown: the papers, and who gets which share."""
    member = session.get_one(Member, command.member_id)
    estate = estates.facts(session, session.get_one(Estate, command.estate_id))
    by_letter = estate.basis is EstateBasis.LETTER
    effects = (
        ("Member", f"{member.number} {member.full_name}"),
        ("Died on", format_date(estate.died_on)),
        ("Death certificate", estate.certificate_number),
        ("Paid by", f"letter {estate.letter_number}" if by_letter else "the nomination that was signed last"),
        *((f"{heir.name}, {heir.relationship}", f"{heir.share} %") for heir in estate.heirs),
        ("Afterwards", "each payout waits for a second person too"),
    )
    summary = f"Pay out the estate of {member.full_name}"
    url = f"{shared.member_url(member.id)}/estate"
    return Description(summary, member.branch_id, None, effects, url, shared.own_users(session, member.id))


def execute_estate(session: Session, actor: Actor, clock: Clock, command: OpenEstate, request_id: UUID) -> str:
    """From now on the heirs are paid by it; an earlier settlement ends, what it paid out stays paid."""
    member = shared.locked(session, actor, command.member_id)
    _require_deceased(member)
    end_estates(session, clock, member.id)
    session.get_one(Estate, command.estate_id, with_for_update=True).opened_at = clock.now()
    return f"{shared.member_url(member.id)}/estate"


def end_estates(session: Session, clock: Clock, member_id: UUID) -> None:
    """Nobody is paid any more by the settlement that was open."""
    present = update(Estate).where(
        Estate.member_id == member_id, Estate.opened_at.is_not(None), Estate.ended_at.is_(None)
    )
    session.execute(present.values(ended_at=clock.now()))
