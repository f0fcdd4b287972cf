"""Changes of what is known of a member: harmless ones at once, those that move money or identity by two people."""

from __future__ import annotations

import json
import typing
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import service as approvals
from sacco_app.approvals.types import Description
from sacco_app.kernel import outbox
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.canonical import from_plain, to_plain
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.ids import new_id
from sacco_app.members import pins, queries, rules, words
from sacco_app.members.errors import ApplicationWaits, NominationBinds, NothingChanged
from sacco_app.members.events import PhoneChanged
from sacco_app.members.models import Member, MemberChange
from sacco_app.members.service import shared
from sacco_app.members.types import ChangeDetails, Kin, MembersPermission, MemberStatus, PersonDetails

CHANGE = "members.change-details"
SENSITIVE = (
    "surname",
    "given_names",
    "other_names",
    "sex",
    "date_of_birth",
    "nin",
    "id_card_number",
    "phone",
    "wallet_phone",
    "wallet_name",
)
_HINTS = typing.get_type_hints(PersonDetails)


def update_member(
    session: Session,
    actor: Actor,
    clock: Clock,
    member_id: UUID,
    details: PersonDetails,
    *,
    confirmed: bool = False,
    reason: str = "",
) -> UUID | None:
    """Change the details, next of kin left aside. Names, birth, sex, NIN, card and phones wait for a second person.

    Returns the request that waits, if one does. Raises as `register_member` does, ChangeWaits, ApplicationWaits,
    NothingChanged.
    """
    actor.require(MembersPermission.MEMBER_EDIT)
    member = shared.locked(session, actor, member_id)
    shared.check_age(session, local_date(clock.now()), details.date_of_birth)
    wanted = {name: getattr(details, name) for name in shared.PLAIN_FIELDS}
    changed = {name: value for name, value in wanted.items() if value != getattr(member, name)}
    if not changed:
        raise NothingChanged
    sensitive = {name: value for name, value in changed.items() if name in SENSITIVE}
    if sensitive:
        shared.refuse_twins(session, details, confirmed=confirmed, but=member_id)
    if member.status == MemberStatus.APPLIED:
        sensitive = {}
    shared.set_fields(member, {name: value for name, value in changed.items() if name not in sensitive})
    shared.index(session, member)
    shared.refresh_kyc(session, clock, member)
    return _ask(session, actor, clock, member, {"fields": sensitive}, reason) if sensitive else None


def change_kin(
    session: Session, actor: Actor, clock: Clock, member_id: UUID, kin: tuple[Kin, ...], reason: str = ""
) -> UUID | None:
    """Name other next of kin; a member's wait for a second person.

    Raises SharesNotWhole, NothingChanged, ChangeWaits, NominationBinds.
    """
    actor.require(MembersPermission.MEMBER_EDIT)
    member = shared.locked(session, actor, member_id)
    if member.status == MemberStatus.DECEASED:
        raise NominationBinds(number=member.number)
    rules.check_shares(kin)
    if set(kin) == set(queries.kin_of(session, member_id)):
        raise NothingChanged
    if member.status != MemberStatus.APPLIED:
        return _ask(session, actor, clock, member, {"kin": kin}, reason)
    shared.replace_kin(session, clock, member_id, kin)
    shared.refresh_kyc(session, clock, member)
    return None


def _ask(session: Session, actor: Actor, clock: Clock, member: Member, payload: dict[str, Any], reason: str) -> UUID:
    if member.status == MemberStatus.PENDING_APPROVAL:
        raise ApplicationWaits
    shared.refuse_second_change(session, member.id)
    text = json.dumps(to_plain(payload))
    row = MemberChange(id=new_id(), member_id=member.id, payload=text, made_by=actor.user_id, made_at=clock.now())
    session.add(row)
    session.flush()
    return approvals.submit(session, actor, clock, CHANGE, ChangeDetails(member.id, row.id), reason)


def _read(session: Session, command: ChangeDetails) -> tuple[dict[str, Any], tuple[Kin, ...] | None]:
    payload = json.loads(session.get_one(MemberChange, command.change_id).payload)
    fields = {name: from_plain(_HINTS[name], value) for name, value in payload.get("fields", {}).items()}
    kin = payload.get("kin")
    return fields, from_plain(tuple[Kin, ...], kin) if kin is not None else None


def describe_change(session: Session, command: ChangeDetails) -> Description:
    """Each field with what it is and what it becomes; a NIN by its last four characters."""
    member = session.get_one(Member, command.member_id)
    fields, kin = _read(session, command)
    effects = [(words.label(name), words.turned(name, getattr(member, name), value)) for name, value in fields.items()]
    if kin is not None:
        present = words.kin_line(queries.kin_of(session, member.id))
        effects.append(("Next of kin", f"{present} → {words.kin_line(kin)}"))
    if "phone" in fields:
        effects.append(("Afterwards", "no payout to the new number until the waiting time is over"))
    summary = f"Change {', '.join(words.label(name) for name in fields) or 'next of kin'} of {member.full_name}"
    concerns = shared.own_users(session, member.id)
    url = shared.member_url(member.id)
    return Description(summary[:300], member.branch_id, None, tuple(effects), url, concerns)


def execute_change(session: Session, actor: Actor, clock: Clock, command: ChangeDetails, request_id: UUID) -> str:
    """Carry the change out. Raises NinTaken, PhoneHasChannel when somebody else was quicker."""
    member = shared.locked(session, actor, command.member_id)
    fields, kin = _read(session, command)
    old_phone = member.phone
    present = PersonDetails(**{name: fields.get(name, getattr(member, name)) for name in shared.PLAIN_FIELDS})
    shared.refuse_twins(session, present, confirmed=True, but=member.id)
    shared.set_fields(member, fields)
    shared.index(session, member)
    if kin is not None:
        shared.replace_kin(session, clock, member.id, kin)
    if member.phone != old_phone:
        pins.move_phone(session, clock, member.id, member.phone)
        outbox.record(session, PhoneChanged(member.id, old_phone, member.phone, clock.now()))
    shared.refresh_kyc(session, clock, member)
    return shared.member_url(member.id)
