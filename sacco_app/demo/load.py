"""Making the demo SACCO, once."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.demo import office, people, staff, telephone
from sacco_app.demo.business import Business
from sacco_app.demo.joining import Joining
from sacco_app.demo.plan import PLACES, SEED, YEAR, Plan
from sacco_app.kernel import deliveries, nudges, uow
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import KAMPALA, Clock, FixedClock, local_date
from sacco_app.organisation import queries as organisation
from sacco_app.organisation import service as organisation_service
from sacco_app.organisation.types import SaveBranch
from sacco_app.setup import install_all

R = TypeVar("R")
PROFILE = "UG-SACCO-TIER4"
Progress = Callable[[int, int], None]


class History:
    """A clock that is moved through the past, and one transaction for each thing that happened."""

    def __init__(self, clock: Clock, plan: Plan) -> None:
        self.plan, self.end = plan, clock.now()
        self.today = local_date(self.end)
        self.clock = FixedClock(self._morning(plan.first_day(self.today)))
        self.dice = random.Random(SEED)  # noqa: S311 - a story, not a secret
        self._people: dict[tuple[str, str], Actor] = {}

    def _morning(self, day: date) -> datetime:
        return datetime.combine(day, time(7, 30), KAMPALA).astimezone(UTC)

    def not_before(self, day: date) -> None:
        """Go on in the morning of this day if that is later."""
        self.clock.instant = min(max(self.clock.instant, self._morning(day)), self.end)

    def do(self, actor: Actor, work: Callable[[Session, Actor, Clock], R], minutes: int = 2) -> R:
        """One service call as this actor, some minutes after the one before."""
        self.clock.instant = min(self.clock.instant + timedelta(minutes=minutes), self.end)
        return uow.run(actor, self.clock, lambda session: work(session, actor, self.clock))

    def forget(self) -> None:
        """Nobody gets a message today about what happened long ago."""
        self.do(Actor.system(), lambda session, _actor, clock: deliveries.pass_over(session, clock.now()), 0)

    def person(self, role: str, branch: str = "HQ") -> Actor:
        """Who has the role in the branch."""
        if (role, branch) not in self._people:
            found = self.do(Actor.system(), lambda session, _actor, _clock: staff.actor(session, role, branch), 0)
            self._people[role, branch] = found
        return self._people[role, branch]


def load(clock: Clock, plan: Plan = YEAR, progress: Progress = lambda _done, _all: None) -> str:
    """Make it all unless the staff is there already. Returns what was done in one sentence."""
    system = Actor.system()
    if uow.run(system, clock, lambda session: access.find_by_email(session, staff.STAFF[0].email) is not None):
        uow.run(system, clock, lambda session: install_all(session, clock, PROFILE))  # what is new since
        return "The demo data is there already"
    history = History(clock, plan)
    nudges.bind_sender(lambda _nudges: None)
    history.do(system, lambda session, _actor, now: install_all(session, now, PROFILE), 0)
    history.not_before(history.do(system, _first_day, 0))
    branches = history.do(system, _open_branches, 0)
    history.do(system, lambda session, _actor, now: staff.hire(session, now, branches), 0)
    everybody = office.with_staff(people.individuals(plan.members, history.dice))
    joining = Joining(history, branches, everybody)
    posted = Business(history, branches, joining).run(progress)
    joining.leave_one_waiting()
    telephone.hand_over(history)
    office.set_up(history, everybody[:-1])
    return f"Made {len(branches)} branches, {len(staff.STAFF)} staff, {plan.members} members, {posted:,} transactions"


def _first_day(session: Session, _actor: Actor, _clock: Clock) -> date:
    """The business date of the head office: a SACCO that was set up earlier goes on from there."""
    return organisation.list_branches(session)[0].business_date


def _open_branches(session: Session, actor: Actor, clock: Clock) -> dict[str, UUID]:
    for place in PLACES[1:]:
        command = SaveBranch(place.code, place.name, place.phone, place.address)
        organisation_service.save_branch(session, actor, clock, command)
    session.flush()
    return {branch.code: branch.id for branch in organisation.list_branches(session)}
