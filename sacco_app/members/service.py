"""Changes of the members room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import audit, crypto, idempotency, locks, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.members import files, rules
from sacco_app.members.errors import LooksLikeAnother, NinTaken, TransitionRefused
from sacco_app.members.events import Admitted, PhoneChanged
from sacco_app.members.models import MEMBER_NUMBERS, Member, MemberDocument, MemberSearchTerm, NextOfKin
from sacco_app.members.types import (
    AdmitMember,
    MembersPermission,
    MemberStatus,
    PersonDetails,
    RegisterMember,
    Upload,
)

ADMIT = "members.admit"


def register_member(session: Session, actor: Actor, clock: Clock, command: RegisterMember) -> UUID:
    """Take an application: the person is kept as pending and waits for a second person's approval.

    The same form sent twice gives the same application. Raises NinTaken, LooksLikeAnother, SharesNotWhole, TooYoung,
    FileNotAccepted.
    """
    actor.require(MembersPermission.MEMBER_REGISTER)
    actor.require_branch(command.branch_id)
    member_id = new_id()
    if command.idempotency_key:
        claim = idempotency.claim(
            session,
            "members.register",
            command.idempotency_key,
            _without_files(command),
            result_ref=str(member_id),
            actor_id=actor.user_id,
        )
        if claim.replayed:
            return UUID(claim.result_ref)
    details, today = command.details, local_date(clock.now())
    rules.check_age(today, details.date_of_birth)
    _refuse_twins(session, details, confirmed=command.confirmed_duplicate, but=None)
    number = f"M-{session.scalar(MEMBER_NUMBERS):06d}"
    member = Member(
        id=member_id, number=number, branch_id=command.branch_id, status=MemberStatus.PENDING_APPROVAL, applied_on=today
    )
    _apply(member, details)
    session.add(member)
    session.flush()
    _replace_kin(session, member.id, details)
    _index(session, member)
    for upload in command.uploads:
        attach_document(session, actor, clock, member.id, upload)
    approvals.submit(session, actor, clock, ADMIT, AdmitMember(member.id), "New application")
    return member.id


def _without_files(command: RegisterMember) -> dict[str, Any]:
    return {"branch": str(command.branch_id), "phone": command.details.phone, "surname": command.details.surname}


def update_member(
    session: Session, actor: Actor, clock: Clock, member_id: UUID, details: PersonDetails, *, confirmed: bool = False
) -> None:
    """Change what is known of a member. Raises as `register_member` does."""
    actor.require(MembersPermission.MEMBER_EDIT)
    member = _locked(session, member_id)
    actor.require_branch(member.branch_id)
    _refuse_twins(session, details, confirmed=confirmed, but=member_id)
    if member.phone != details.phone:
        outbox.record(session, PhoneChanged(member_id, member.phone, details.phone, clock.now()))
    _apply(member, details)
    _replace_kin(session, member_id, details)
    _index(session, member)


def _locked(session: Session, member_id: UUID) -> Member:
    return locks.acquire(session, [LockRequest(LockRank.MEMBER, Member, (member_id,))]).one(Member, member_id)


def _apply(member: Member, details: PersonDetails) -> None:
    for name in PersonDetails.__dataclass_fields__:
        if name != "next_of_kin":
            setattr(member, name, getattr(details, name))
    member.nin_fingerprint = crypto.fingerprint(details.nin) if details.nin else None


def _refuse_twins(session: Session, details: PersonDetails, *, confirmed: bool, but: UUID | None) -> None:
    others = select(Member).where(Member.id != but) if but else select(Member)
    if details.nin:
        twin = session.scalars(others.where(Member.nin_fingerprint == crypto.fingerprint(details.nin))).first()
        if twin is not None:
            raise NinTaken(number=twin.number)
    if confirmed:
        return
    same_phone = session.scalars(others.where(Member.phone == details.phone)).first()
    if same_phone is not None:
        raise LooksLikeAnother(number=same_phone.number, name=same_phone.full_name, what="phone number")
    born = others.where(Member.surname == details.surname, Member.date_of_birth == details.date_of_birth)
    same_name = session.scalars(born).first()
    if same_name is not None:
        raise LooksLikeAnother(number=same_name.number, name=same_name.full_name, what="surname and date of birth")


def _replace_kin(session: Session, member_id: UUID, details: PersonDetails) -> None:
    rules.check_shares(details.next_of_kin)
    for row in session.scalars(select(NextOfKin).where(NextOfKin.member_id == member_id)):
        session.delete(row)
    session.add_all(
        NextOfKin(member_id=member_id, name=kin.name, relationship=kin.relationship, phone=kin.phone, share=kin.share)
        for kin in details.next_of_kin
    )


def _index(session: Session, member: Member) -> None:
    session.execute(delete(MemberSearchTerm).where(MemberSearchTerm.member_id == member.id))
    terms = rules.search_terms(member.number, (member.surname, member.given_names), member.phone)
    session.add_all(MemberSearchTerm(member_id=member.id, term=term) for term in sorted(terms))


def attach_document(session: Session, actor: Actor, clock: Clock, member_id: UUID, upload: Upload) -> UUID:
    """Keep a file of a member. Raises FileNotAccepted."""
    stored = files.store(upload)
    row = MemberDocument(
        id=new_id(),
        member_id=member_id,
        kind=upload.kind,
        path=stored.path,
        mime=stored.mime,
        size=stored.size,
        sha256=stored.sha256,
        added_at=clock.now(),
    )
    session.add(row)
    return row.id


def set_status(
    session: Session, actor: Actor, clock: Clock, member_id: UUID, status: MemberStatus, reason: str
) -> None:
    """Move a member along the life cycle, with the reason. Raises TransitionRefused."""
    actor.require(MembersPermission.MEMBER_EDIT)
    member = _locked(session, member_id)
    actor.require_branch(member.branch_id)
    if member.status == MemberStatus.PENDING_APPROVAL:  # an applicant is admitted or rejected by a second person alone
        raise TransitionRefused(old=member.status.replace("_", " "), new=status.replace("_", " "))
    rules.check_transition(member.status, status)
    member.status = status
    audit.record(session, "members.status_changed", ("members", member_id), after={"status": status}, reason=reason)


def describe_admission(session: Session, command: AdmitMember) -> Description:
    """What the approver of an application is shown."""
    member = session.get_one(Member, command.member_id)
    effects = (
        ("Name", member.full_name),
        ("Born", format_date(member.date_of_birth)),
        ("Phone", member.phone),
        ("NIN", "given" if member.nin else "not given"),
        ("Becomes", "active member"),
    )
    return Description(f"Admit {member.full_name}", member.branch_id, None, effects, f"/members/{member.id}")


def execute_admission(session: Session, actor: Actor, clock: Clock, command: AdmitMember, request_id: UUID) -> str:
    """Admit the applicant."""
    member = _locked(session, command.member_id)
    rules.check_transition(member.status, MemberStatus.ACTIVE)
    member.status, member.admitted_on = MemberStatus.ACTIVE, local_date(clock.now())
    outbox.record(session, Admitted(member.id, clock.now()))
    return f"/members/{member.id}"


def end_admission(session: Session, actor: Actor, clock: Clock, command: AdmitMember, request_id: UUID) -> None:
    """The application was rejected, taken back or left too long."""
    member = _locked(session, command.member_id)
    rules.check_transition(member.status, MemberStatus.REJECTED)
    member.status = MemberStatus.REJECTED
