"""How the members of the demo SACCO join: registered by a teller, admitted by the branch manager, given an account."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.demo import people
from sacco_app.demo.plan import PLACES
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.members import service as members
from sacco_app.members.types import DocumentKind, Kin, PersonDetails, RegisterMember, Upload
from sacco_app.savings import service as savings
from sacco_app.savings.types import OpenAccount

if TYPE_CHECKING:
    from sacco_app.demo.load import History

PRODUCT = "REG"
FACES = 24
DISTRICTS = {place.code: place.district for place in PLACES}


class Joining:
    """Who joins on which day: the founders at once, the others spread over the time, the last one not yet admitted."""

    def __init__(self, history: History, branches: dict[str, UUID], joining: list[people.Individual]) -> None:
        self.history, self.branches = history, branches
        self.last = (len(joining) - 1, joining[-1])
        self._due: list[tuple[date, int, people.Individual]] = []
        first, span = history.plan.first_day(history.today), max(1, history.plan.days - history.plan.busy)
        for index, one in enumerate(joining[:-1]):
            late = 0 if index < history.plan.founders else history.dice.randint(1, span)
            self._due.append((first + timedelta(days=late), index, one))
        self._due.sort(key=lambda entry: (entry[0], entry[1]), reverse=True)

    def until(self, day: date, branch: str) -> list[UUID]:
        """Let everybody join this branch who is due by this day. Returns the new accounts."""
        due = [entry for entry in self._due if entry[0] <= day and entry[2].branch == branch]
        self._due = [entry for entry in self._due if entry not in due]
        return [self._join(index, one) for _, index, one in reversed(due)]

    def leave_one_waiting(self) -> None:
        """An application that nobody has decided yet."""
        self._register(*self.last)

    def _join(self, index: int, one: people.Individual) -> UUID:
        maker = self.history.person("teller", one.branch)
        checker = self.history.person("branch_manager", one.branch)
        member_id = self._register(index, one)
        waiting = self.history.do(maker, _waiting, 0)
        self.history.do(checker, lambda s, actor, clock: approvals.approve(s, actor, clock, waiting, "Seen"), 0)
        command = OpenAccount(member_id, PRODUCT, f"demo-account-{index}")
        return self.history.do(maker, lambda s, actor, clock: savings.open_account(s, actor, clock, command), 0)

    def _register(self, index: int, one: people.Individual) -> UUID:
        """An application with photo, signature and card, which waits; the last one lacks the card."""
        maker = self.history.person("teller", one.branch)
        kin = (Kin(f"Nakato {one.surname}", "Sister", one.phone, Decimal(100)),) if index % 3 == 0 else ()
        details = PersonDetails(
            surname=one.surname,
            given_names=one.given_names,
            sex=one.sex,
            date_of_birth=one.born,
            phone=one.phone,
            nin=one.nin,
            district=DISTRICTS[one.branch],
            occupation=one.occupation,
            language=one.language,
            next_of_kin=kin,
        )
        uploads = (
            Upload(DocumentKind.PHOTO, people.portrait(index % FACES), "photo.jpg"),
            Upload(DocumentKind.SIGNATURE, people.signature(index % FACES), "signature.jpg"),
            *([Upload(DocumentKind.ID_FRONT, people.card(index % FACES), "card.jpg")] if index != self.last[0] else []),
        )
        command = RegisterMember(self.branches[one.branch], details, uploads, idempotency_key=f"demo-{index}")
        return self.history.do(maker, lambda s, actor, clock: members.register_member(s, actor, clock, command), 1)


def _waiting(session: Session, actor: Actor, _clock: Clock) -> UUID:
    return approval_queries.open_requests_of(session, actor.user_id, members.ADMIT)[-1].id
