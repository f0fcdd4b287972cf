"""What members are told by SMS of their membership and of the access to their money by telephone; and the nightly chores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock, local_date
from sacco_app.members import files
from sacco_app.members.contacts import contact
from sacco_app.members.events import Admitted, ChannelBlocked, ChannelLocked, PhoneChanged, PinChanged, PinIssued
from sacco_app.members.models import Member, MemberDocument
from sacco_app.members.service.shared import refresh_kyc
from sacco_app.notifications import service as notifications
from sacco_app.webkit.jobs import every, subscriber


def _tell(session: Session, clock: Clock, code: str, payload: Mapping[str, Any], phones: Iterable[str] = ()) -> None:
    reader = contact(session, UUID(payload["member_id"]))
    for phone in dict.fromkeys(phones or (reader.phone,)):
        notifications.send(session, clock, reader.sms(code, payload["event_id"], {}, phone))


@subscriber(Admitted.topic)
def welcome(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """A new member is welcomed."""
    _tell(session, clock, "WELCOME", payload)


@subscriber(PhoneChanged.topic, queue="critical")
def warn_both_phones(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """The old and the new number hear that the number is changed."""
    _tell(session, clock, "PHONE_CHANGED", payload, (payload["old_phone"], payload["phone"]))


@subscriber(PinIssued.topic, queue="critical")
def warn_of_pin(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """The member hears of a temporary PIN: nobody gives one out behind the member's back."""
    _tell(session, clock, "PIN_ISSUED", payload, (payload["phone"],))


@subscriber(PinChanged.topic, queue="critical")
def warn_of_new_pin(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """The member hears of a new PIN: somebody else with the telephone may have chosen it."""
    _tell(session, clock, "PIN_CHANGED", payload, (payload["phone"],))


@subscriber(ChannelLocked.topic, queue="critical")
def tell_of_lock(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """The member hears that the channels are locked after too many wrong PINs."""
    _tell(session, clock, "CHANNEL_LOCKED", payload, (payload["phone"],))


@subscriber(ChannelBlocked.topic, queue="critical")
def tell_of_block(session: Session, actor: Actor, clock: Clock, payload: Mapping[str, Any]) -> None:
    """The member hears that the channels were shut."""
    _tell(session, clock, "CHANNEL_BLOCKED", payload, (payload["phone"],))


@every(hours=24)
def sweep_files(session: Session, actor: Actor, clock: Clock) -> None:
    """Files whose transaction failed are removed after a day."""
    known = frozenset(session.scalars(select(MemberDocument.path)))
    files.sweep(known, (clock.now() - timedelta(days=1)).timestamp())


@every(hours=24)
def age_files(session: Session, actor: Actor, clock: Clock) -> None:
    """An ID that expired, or a review that is overdue, since the day before yesterday makes the file less complete."""
    today = local_date(clock.now())
    passed = [column.between(today - timedelta(days=2), today) for column in (Member.id_expires_on, Member.review_on)]
    for member in session.scalars(select(Member).where(or_(*passed)).with_for_update()):
        refresh_kyc(session, clock, member)
