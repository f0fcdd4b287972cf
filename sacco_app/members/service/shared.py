"""What several verbs of the room need: the locked row, its details, its words in the search, its completeness."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import queries as approvals
from sacco_app.kernel import crypto, locks
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.kernel.locks import LockRank, LockRequest
from sacco_app.members import queries, rules
from sacco_app.members.errors import ChangeWaits, LooksLikeAnother, NinTaken
from sacco_app.members.models import Member, MemberSearchTerm, NextOfKin
from sacco_app.members.types import Kin, PersonDetails
from sacco_app.organisation import queries as organisation

MIN_AGE = "members.min_age"
PLAIN_FIELDS = tuple(name for name in PersonDetails.__dataclass_fields__ if name != "next_of_kin")


def locked(session: Session, actor: Actor, member_id: UUID) -> Member:
    """The member's locked row. Raises NotFound, NotPermitted outside the actor's branches."""
    member = locks.acquire(session, [LockRequest(LockRank.MEMBER, Member, (member_id,))]).one(Member, member_id)
    actor.require_branch(member.branch_id)
    return member


def member_url(member_id: UUID) -> str:
    """The address of a member's page, by which approvals name the member."""
    return f"/members/{member_id}"


def refuse_second_change(session: Session, member_id: UUID) -> None:
    """One thing at a time waits for a member. Raises ChangeWaits."""
    if approvals.waiting_for(session, member_url(member_id)):
        raise ChangeWaits


def own_users(session: Session, member_id: UUID) -> frozenset[UUID]:
    """Staff who are this member: they do not approve what concerns themselves."""
    return frozenset(access.users_of_member(session, member_id))


def check_age(session: Session, today: date, born: date) -> None:
    """Raise TooYoung below the age of the parameter `members.min_age`."""
    rules.check_age(today, born, int(organisation.parameter(session, MIN_AGE, today).number))


def set_fields(member: Member, values: dict[str, object]) -> None:
    """Write details; the NIN takes its fingerprint along."""
    for name, value in values.items():
        setattr(member, name, value)
    if "nin" in values:
        nin = values["nin"]
        member.nin_fingerprint = crypto.fingerprint(str(nin)) if nin else None


def refuse_twins(session: Session, details: PersonDetails, *, confirmed: bool, but: UUID | None) -> None:
    """Raises NinTaken for the same NIN, LooksLikeAnother unless it is confirmed that this is another person."""
    for twin in queries.twins(session, details.likeness, but):
        if twin.certain:
            raise NinTaken(number=twin.number, id=str(twin.id))
        if not confirmed:
            raise LooksLikeAnother(number=twin.number, name=twin.full_name, what=twin.what, id=str(twin.id))


def replace_kin(session: Session, clock: Clock, member_id: UUID, kin: Iterable[Kin]) -> None:
    """A new set binds from now on; the one before is kept with its end. Raises SharesNotWhole."""
    wanted, now = list(kin), clock.now()
    rules.check_shares(wanted)
    present = update(NextOfKin).where(NextOfKin.member_id == member_id, NextOfKin.until.is_(None))
    session.execute(present.values(until=now))
    session.add_all(
        NextOfKin(
            member_id=member_id,
            name=one.name,
            relationship=one.relationship,
            phone=one.phone,
            share=one.share,
            born_on=one.born_on,
            address=one.address,
            since=now,
        )
        for one in wanted
    )


def index(session: Session, member: Member) -> None:
    """Write anew by which words the member is found."""
    session.execute(delete(MemberSearchTerm).where(MemberSearchTerm.member_id == member.id))
    names = (member.surname, member.given_names, member.other_names)
    terms = rules.search_terms(member.number, names, (member.phone, member.phone_2, member.wallet_phone))
    session.add_all(MemberSearchTerm(member_id=member.id, term=term) for term in sorted(terms))


def refresh_kyc(session: Session, clock: Clock, member: Member) -> None:
    """Work out anew how complete the file is."""
    session.flush()
    member.kyc_percent = rules.kyc_percent(queries.kyc_items(session, member, local_date(clock.now())))
