"""Making the demo SACCO, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.demo import people, staff
from sacco_app.demo.business import Business
from sacco_app.kernel import uow
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import KAMPALA, Clock, FixedClock, local_date
from sacco_app.members import service as members
from sacco_app.members.types import DocumentKind, Kin, PersonDetails, RegisterMember, Upload
from sacco_app.organisation import queries as organisation
from sacco_app.organisation import service as organisation_service
from sacco_app.organisation.types import SaveBranch
from sacco_app.setup import install_all

R = TypeVar("R")
WEEKS = 3
PROFILE = "UG-SACCO-TIER4"
Run = Callable[[Actor, Callable[[Session, Actor, Clock], R]], R]


class History:
    """A clock that is moved through the past, and one transaction for each thing that happened."""

    def __init__(self, clock: Clock) -> None:
        self.today = local_date(clock.now())
        self.end = clock.now()
        begin = self.today - timedelta(weeks=WEEKS)
        self.clock = FixedClock(datetime.combine(begin, time(7, 30), KAMPALA).astimezone(UTC))

    def not_before(self, day: date) -> None:
        """Begin on this day if that is later."""
        begin = datetime.combine(day, time(7, 30), KAMPALA).astimezone(UTC)
        self.clock.instant = min(max(self.clock.instant, begin), self.end)

    def do(self, actor: Actor, work: Callable[[Session, Actor, Clock], R], minutes: int = 4) -> R:
        """One service call as this actor, some minutes after the one before."""
        self.clock.instant = min(self.clock.instant + timedelta(minutes=minutes), self.end)
        return uow.run(actor, self.clock, lambda session: work(session, actor, self.clock))

    def person(self, role: str, branch: str = "HQ") -> Actor:
        return self.do(Actor.system(), lambda session, _actor, _clock: staff.actor(session, role, branch), 0)


def load(clock: Clock) -> str:
    """Make it all unless the staff is there already. Returns what was done in one sentence."""
    system = Actor.system()
    if uow.run(system, clock, lambda session: access.find_by_email(session, staff.STAFF[0].email) is not None):
        return "The demo data is there already"
    history = History(clock)
    history.do(system, lambda session, _actor, now: install_all(session, now, PROFILE), 0)
    history.not_before(history.do(system, _first_day, 0))
    branches = history.do(system, _open_branches, 0)
    history.do(system, lambda session, _actor, now: staff.hire(session, now, branches), 0)
    joining = list(enumerate(people.individuals()))
    admitted = [_admit(history, branches, index, one) for index, one in joining[:-1]]
    posted = Business(history, branches, admitted).run()
    _register(history, branches, *joining[-1])
    return f"Made {len(branches)} branches, {len(staff.STAFF)} staff, {len(joining)} members, {posted} transactions"


def _first_day(session: Session, _actor: Actor, _clock: Clock) -> date:
    """The business date of the head office: a SACCO that was set up earlier goes on from there."""
    return organisation.list_branches(session)[0].business_date


def _open_branches(session: Session, actor: Actor, clock: Clock) -> dict[str, UUID]:
    command = SaveBranch("MBR", "Mbarara", "+256800100201", "High Street, Mbarara")
    organisation_service.save_branch(session, actor, clock, command)
    session.flush()
    return {branch.code: branch.id for branch in organisation.list_branches(session)}


def _admit(history: History, branches: dict[str, UUID], index: int, one: people.Individual) -> tuple[UUID, str]:
    """Registered by a teller, admitted by the branch manager."""
    maker, checker = history.person("teller", one.branch), history.person("branch_manager", one.branch)
    member_id = _register(history, branches, index, one)
    waiting = history.do(maker, _waiting, 0)
    history.do(checker, lambda session, actor, clock: approvals.approve(session, actor, clock, waiting, "Seen"), 1)
    return member_id, one.branch


def _waiting(session: Session, actor: Actor, _clock: Clock) -> UUID:
    return approval_queries.open_requests_of(session, actor.user_id, members.ADMIT)[-1].id


def _register(history: History, branches: dict[str, UUID], index: int, one: people.Individual) -> UUID:
    """An application with photo and signature, which waits."""
    maker = history.person("teller", one.branch)
    details = PersonDetails(
        surname=one.surname,
        given_names=one.given_names,
        sex=one.sex,
        date_of_birth=one.born,
        phone=one.phone,
        nin=one.nin,
        district="Kampala" if one.branch == "HQ" else "Mbarara",
        occupation=("Trader", "Teacher", "Farmer", "Tailor", "Boda rider")[index % 5],
        next_of_kin=(Kin(f"Nakato {one.surname}", "Sister", one.phone, Decimal(100)),) if index % 3 == 0 else (),
    )
    uploads = (
        Upload(DocumentKind.PHOTO, people.portrait(index), "photo.jpg"),
        Upload(DocumentKind.SIGNATURE, people.signature(index), "signature.jpg"),
    )
    command = RegisterMember(branches[one.branch], details, uploads, idempotency_key=f"demo-{index}")
    return history.do(maker, lambda session, actor, clock: members.register_member(session, actor, clock, command))
