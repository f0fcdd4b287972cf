"""From a form to an application, and by a second person's word to a member (handbook 1.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import ApprovalStatus, Check, Description
from sacco_app.kernel import idempotency, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.dates import format_date
from sacco_app.kernel.ids import new_id
from sacco_app.members import queries, rules
from sacco_app.members.errors import FileIncomplete
from sacco_app.members.events import Admitted
from sacco_app.members.models import MEMBER_NUMBERS, Member
from sacco_app.members.service import shared
from sacco_app.members.service.documents import keep_document
from sacco_app.members.types import AdmitMember, MembersPermission, MemberStatus, RegisterMember
from sacco_app.members.words import masked_nin

ADMIT = "members.admit"


def register_member(session: Session, actor: Actor, clock: Clock, command: RegisterMember) -> UUID:
    """Take an application; with `send` it waits for a second person at once.

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
    shared.check_age(session, today, details.date_of_birth)
    shared.refuse_twins(session, details, confirmed=command.confirmed_duplicate, but=None)
    number = f"M-{session.scalar(MEMBER_NUMBERS):06d}"
    member = Member(
        id=member_id, number=number, branch_id=command.branch_id, status=MemberStatus.APPLIED, applied_on=today
    )
    shared.set_fields(member, {name: getattr(details, name) for name in shared.PLAIN_FIELDS})
    session.add(member)
    session.flush()
    shared.replace_kin(session, clock, member.id, details.next_of_kin)
    shared.index(session, member)
    for upload in command.uploads:
        keep_document(session, actor, clock, member, upload)
    shared.refresh_kyc(session, clock, member)
    if command.send:
        _send(session, actor, clock, member)
    return member.id


def _without_files(command: RegisterMember) -> dict[str, Any]:
    return {"branch": str(command.branch_id), "phone": command.details.phone, "surname": command.details.surname}


def send_application(session: Session, actor: Actor, clock: Clock, member_id: UUID) -> UUID:
    """Hand an application over to a second person. Raises TransitionRefused unless it is one."""
    actor.require(MembersPermission.MEMBER_REGISTER)
    member = shared.locked(session, actor, member_id)
    rules.check_transition(member.status, MemberStatus.PENDING_APPROVAL)
    return _send(session, actor, clock, member)


def _send(session: Session, actor: Actor, clock: Clock, member: Member) -> UUID:
    member.status = MemberStatus.PENDING_APPROVAL
    session.flush()
    return approvals.submit(session, actor, clock, ADMIT, AdmitMember(member.id), "Application for membership")


def describe_admission(session: Session, command: AdmitMember) -> Description:
    """What the approver of an application is shown."""
    member = session.get_one(Member, command.member_id)
    effects = (
        ("Name", member.full_name),
        ("Born", format_date(member.date_of_birth)),
        ("Phone", member.phone),
        ("NIN", masked_nin(member.nin)),
        ("Risk", member.risk_rating),
        ("Becomes", "active member"),
    )
    concerns = shared.own_users(session, member.id)
    summary = f"Admit {member.full_name}"
    return Description(summary, member.branch_id, None, effects, shared.member_url(member.id), concerns)


def admission_checks(session: Session, clock: Clock, command: AdmitMember) -> list[Check]:
    """The file of the applicant as it is now: each thing with whether it is there, and whether it must be."""
    member = session.get_one(Member, command.member_id)
    items = queries.kyc_items(session, member, local_date(clock.now()))
    return [Check(item.label, done=item.done, needed=item.needed) for item in items]


def execute_admission(session: Session, actor: Actor, clock: Clock, command: AdmitMember, request_id: UUID) -> str:
    """Admit the applicant. Raises FileIncomplete, naming what must be known first."""
    member = shared.locked(session, actor, command.member_id)
    rules.check_transition(member.status, MemberStatus.ACTIVE)
    lacking = rules.lacking(queries.kyc_items(session, member, local_date(clock.now())))
    if lacking:
        raise FileIncomplete(number=member.number, what=", ".join(lacking))
    member.status, member.admitted_on = MemberStatus.ACTIVE, local_date(clock.now())
    outbox.record(session, Admitted(member.id, clock.now()))
    return shared.member_url(member.id)


def end_admission(session: Session, actor: Actor, clock: Clock, command: AdmitMember, request_id: UUID) -> None:
    """The application was rejected; or taken back or left too long, and may be completed and sent again."""
    member = session.get_one(Member, command.member_id, with_for_update=True, populate_existing=True)
    rejected = approval_queries.status_of(session, request_id) is ApprovalStatus.REJECTED
    wanted = MemberStatus.REJECTED if rejected else MemberStatus.APPLIED
    rules.check_transition(member.status, wanted)
    member.status = wanted
