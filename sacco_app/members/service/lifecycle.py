"""The steps of a member's life after admission: dormant, suspended, blacklisted, leaving, dead, and back (handbook 1.5)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import audit, outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.members import pins, ports, rules
from sacco_app.members.errors import StillBound, TransitionRefused
from sacco_app.members.events import StatusChanged
from sacco_app.members.models import Member
from sacco_app.members.service import shared
from sacco_app.members.service.estates import end_estates
from sacco_app.members.types import ChangeStatus, MembersPermission, MemberStatus

STATUS = "members.change-status"
MEANS = {
    MemberStatus.ACTIVE: "full rights: borrow, guarantee, vote",
    MemberStatus.DORMANT: "no borrowing, guaranteeing or voting until the account is used again",
    MemberStatus.SUSPENDED: "USSD and the app are shut, no borrowing, guaranteeing or voting",
    MemberStatus.BLACKLISTED: "no new business with this person",
    MemberStatus.WITHDRAWING: "notice is given: no new loans or guarantees, money is paid out in order of notice",
    MemberStatus.EXITED: "no longer a member; the record is kept",
    MemberStatus.DECEASED: "frozen: no debits and no messages, the next of kin are paid by their shares",
}


def ask_status(
    session: Session, actor: Actor, clock: Clock, member_id: UUID, new: MemberStatus, reason: str
) -> UUID | None:
    """Ask for a step of the life cycle. A freeze holds at once, as does taking up an old application.

    Returns the request that waits, if one does. Raises TransitionRefused, StillBound, ChangeWaits.
    """
    actor.require(MembersPermission.MEMBER_EDIT)
    member = shared.locked(session, actor, member_id)
    if new in rules.AT_ONCE:
        _move(session, clock, member, new, reason)
        return None
    _check(session, member, new)
    shared.refuse_second_change(session, member_id)
    command = ChangeStatus(member_id, MemberStatus(member.status), new, reason)
    return approvals.submit(session, actor, clock, STATUS, command, reason)


def set_status(
    session: Session, actor: Actor, clock: Clock, member_id: UUID, status: MemberStatus, reason: str
) -> None:
    """Take the step: the second person's act, or the program's (dormancy). Raises TransitionRefused, StillBound."""
    actor.require(MembersPermission.MEMBER_APPROVE)
    _move(session, clock, shared.locked(session, actor, member_id), status, reason)


def _check(session: Session, member: Member, new: MemberStatus) -> None:
    if new not in rules.choices_from(member.status):
        raise TransitionRefused(old=member.status.replace("_", " "), new=new.replace("_", " "))
    bonds = ports.bonds(session, member.id) if new is MemberStatus.EXITED else []
    if bonds:
        raise StillBound(why="; ".join(bonds))


def _move(session: Session, clock: Clock, member: Member, new: MemberStatus, reason: str) -> None:
    _check(session, member, new)
    old, member.status = member.status, new
    if old == MemberStatus.DECEASED:
        end_estates(session, clock, member.id)
    if new in pins.GONE:
        pins.close(session, member.id)
    audit.record(
        session,
        "members.status_changed",
        ("members", member.id),
        before={"status": old},
        after={"status": new},
        reason=reason,
    )
    outbox.record(session, StatusChanged(member.id, old, new, clock.now()))


def describe_status(session: Session, command: ChangeStatus) -> Description:
    """What the approver of a step is shown."""
    member = session.get_one(Member, command.member_id)
    bonds = ports.bonds(session, member.id)
    effects = (
        ("Member", f"{member.number} {member.full_name}"),
        ("Status", f"{command.old.replace('_', ' ')} → {command.new.replace('_', ' ')}"),
        ("Means", MEANS.get(command.new, "")),
        ("Bound by", "; ".join(bonds) or "nothing"),
        ("Reason", command.reason),
    )
    summary = f"{member.full_name}: {command.old.replace('_', ' ')} → {command.new.replace('_', ' ')}"
    concerns = shared.own_users(session, member.id)
    return Description(summary, member.branch_id, None, effects, shared.member_url(member.id), concerns)


def execute_status(session: Session, actor: Actor, clock: Clock, command: ChangeStatus, request_id: UUID) -> str:
    """Take the step, if the member still stands where the request found them."""
    member = shared.locked(session, actor, command.member_id)
    if member.status != command.old:
        raise TransitionRefused(old=member.status.replace("_", " "), new=command.new.replace("_", " "))
    _move(session, clock, member, command.new, command.reason)
    return shared.member_url(member.id)
