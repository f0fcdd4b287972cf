"""The bank behind the menus: members, savings and the SACCO's profile. Each change is one transaction of its own.

A wrong PIN must stay counted whatever comes after, so it is checked in its own transaction, and what the member asked
for is done in the next, as the member in person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.db import db
from sacco_app.kernel.money import Money
from sacco_app.kernel.uow import run
from sacco_app.members import pins
from sacco_app.members import types as members
from sacco_app.members.errors import PinTooWeak
from sacco_app.members.types import ChannelMember, MemberStatus, PinOutcome, PinState
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries as savings
from sacco_app.savings import service as savings_service
from sacco_app.savings.types import AccountStatus, Transfer
from sacco_app.transactions.types import TransactionKind
from sacco_app.ussd import queries, service
from sacco_app.ussd.types import Account, Caller, Line, PinAnswer, PinCheck, Transferred

R = TypeVar("R")
CHANNEL = "ussd"
SERVED = (MemberStatus.ACTIVE, MemberStatus.DORMANT)
LINES = 5
OPEN = {PinState.ACTIVE: PinAnswer.RIGHT, PinState.TEMPORARY: PinAnswer.MUST_CHANGE}


def gateway_actor() -> Actor:
    """Who acts before the member is known: the channel itself."""
    return Actor.system("USSD", channel=CHANNEL)


class SaccoBank:
    """What the menus need, of the rooms below. `ip` is the gateway's address, for the audit trail."""

    def __init__(self, clock: Clock, ip: str = "") -> None:
        self._clock = clock
        self._ip = ip
        self._gateway = replace(gateway_actor(), ip=ip)

    @property
    def _session(self) -> Session:
        return db.session()

    @property
    def sacco(self) -> str:
        profile = organisation.get_profile(self._session)
        return profile.short_name or profile.name

    @property
    def help_line(self) -> str:
        return organisation.get_profile(self._session).phone

    def caller(self, phone: str) -> Caller | None:
        found = pins.find_by_phone(self._session, phone)
        return self._greeted(found) if found else None

    def member(self, member_id: UUID) -> Caller:
        return self._greeted(pins.channel_member(self._session, member_id))

    def _greeted(self, member: ChannelMember) -> Caller:
        return Caller(
            id=member.id,
            name=member.full_name,
            language=member.language,
            chosen=queries.has_chosen_language(self._session, member.id),
            served=member.status in SERVED,
            pin=OPEN.get(member.pin) or PinAnswer(member.pin.value),
            messages=member.sms_consent,
        )

    def accounts(self, member_id: UUID) -> list[Account]:
        held = savings.accounts_of_member(self._session, member_id)
        return [
            Account(one.id, one.product_name, one.number, one.ledger_balance, one.available)
            for one in held
            if one.status == AccountStatus.ACTIVE
        ]

    def statement(self, member_id: UUID, account_id: UUID) -> list[Line]:
        lines = savings.mini_statement(self._session, account_id, LINES, member_id=member_id)
        return [Line(line.business_date, line.credit - line.debit) for line in lines]

    def fee(self, member_id: UUID, account_id: UUID, amount: Money) -> Money:
        facts = savings.account_of_member(self._session, member_id, account_id)
        day = organisation.business_date(self._session, facts.branch_id)
        return savings.charge_for(self._session, facts, TransactionKind.TRANSFER, amount, day, CHANNEL).total

    def verify_pin(self, member_id: UUID, pin: str) -> PinCheck:
        check = run(self._gateway, self._clock, lambda s: pins.verify_pin(s, self._clock, member_id, pin))
        return PinCheck(PinAnswer(check.outcome.value), check.tries_left)

    def change_pin(self, member_id: UUID, present: str, wanted: str) -> PinCheck:
        def work(session: Session) -> members.PinCheck:
            return pins.change_pin(session, self._clock, member_id, present, wanted)

        try:
            check = run(self._gateway, self._clock, work)
        except PinTooWeak:
            return PinCheck(PinAnswer.WEAK)
        right = check.outcome is PinOutcome.RIGHT
        return PinCheck(PinAnswer.RIGHT if right else PinAnswer(check.outcome.value), check.tries_left)

    def transfer(self, member_id: UUID, source: UUID, target: UUID, amount: Money, key: str) -> Transferred:
        command = Transfer(source, target, amount, "", key)
        done = self._as_member(
            member_id, lambda session, actor: savings_service.transfer(session, actor, self._clock, command)
        )
        return Transferred(done.number, done.amount, done.charge.total)

    def set_language(self, member_id: UUID, language: str) -> None:
        def work(session: Session, actor: Actor) -> None:
            pins.set_language(session, actor, self._clock, member_id, language)
            service.remember_choice(session, self._clock, member_id)

        self._as_member(member_id, work)

    def set_messages(self, member_id: UUID, *, agreed: bool) -> None:
        self._as_member(
            member_id,
            lambda session, actor: pins.set_sms_consent(session, actor, self._clock, member_id, agreed=agreed),
        )

    def block(self, member_id: UUID) -> None:
        self._as_member(
            member_id,
            lambda session, actor: pins.block(session, actor, self._clock, member_id, "Reported by the member on USSD"),
        )

    def _as_member(self, member_id: UUID, work: Callable[[Session, Actor], R]) -> R:
        """One transaction as the member in person. Raises MemberNotActive."""
        actor = pins.member_actor(self._session, member_id, CHANNEL, self._ip)
        return run(actor, self._clock, lambda session: work(session, actor))
