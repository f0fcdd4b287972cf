"""A member of the demo SACCO whose PIN is known to everybody, to try the menus of USSD and the API with."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from sacco_app.demo import people
from sacco_app.demo.plan import SEED
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.members import pins
from sacco_app.members.types import ChannelMember
from sacco_app.savings import service as savings
from sacco_app.savings.types import OpenAccount

if TYPE_CHECKING:
    from sacco_app.demo.load import History

PIN = "8351"  # known on purpose, refused in production
SECOND = "demo-second-account"


def phone() -> str:
    """The number of the first member, the same in every demo."""
    return people.individuals(1, random.Random(SEED))[0].phone  # noqa: S311 - a story, not a secret


def hand_over(history: History) -> None:
    """Give the member a second account and a PIN, issued by a teller and changed on the telephone."""
    teller = history.person("teller")

    def issue(session: Session, actor: Actor, clock: Clock) -> tuple[ChannelMember, str]:
        member = pins.find_by_phone(session, phone())
        assert member is not None
        savings.open_account(session, actor, clock, OpenAccount(member.id, "REG", SECOND))
        return member, pins.issue_temporary_pin(session, actor, clock, member.id)

    member, first = history.do(teller, issue, 1)
    history.do(Actor.system(), lambda session, _actor, clock: pins.change_pin(session, clock, member.id, first, PIN), 1)
