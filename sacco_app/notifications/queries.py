"""Reads of the notifications room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, cast, func, select, true
from sqlalchemy.orm import Session, aliased

from sacco_app.kernel import reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound
from sacco_app.notifications import catalogue
from sacco_app.notifications.models import (
    DeliveryReport,
    InboxItem,
    MessagePreference,
    MessageRow,
    MessageTemplate,
    OptOut,
    PushSubscription,
    ReportOutcome,
)
from sacco_app.notifications.types import Channel, Cost, Language, Status, Sums, Words
from sacco_app.organisation import queries as organisation

QUIET_FROM, QUIET_TO = "messages.quiet_hours.from", "messages.quiet_hours.to"
TELL_BALANCE = "messages.sms.balance"
BALANCE = "balance"


def _load_words(session: Session) -> dict[tuple[str, str], Words]:
    rows = session.scalars(select(MessageTemplate).order_by(MessageTemplate.version))
    return {
        (row.code, row.language): Words(row.version, row.subject, row.body, row.active, row.needs_review)
        for row in rows
    }


def words(session: Session, code: str, language: str) -> Words:
    """The words in force, shipped ones where nobody changed them; English for a language that has none."""
    told = catalogue.kind(code)
    spoken = language if language in told.texts else Language.ENGLISH
    changed = reference.get(session, "notifications.words", _load_words).get((code, spoken))
    if changed is not None:
        return changed
    return Words(0, told.subjects.get(spoken, ""), told.texts[spoken], active=True, needs_review=spoken != "en")


def _parameter(session: Session, key: str, day: date, default: str) -> str:
    try:
        return organisation.parameter(session, key, day).value
    except NotFound:
        return default


def quiet_hours(session: Session, day: date) -> tuple[int, int]:
    """From which hour of the day to which nothing goes out that can wait (parameters `messages.quiet_hours.*`)."""
    return int(_parameter(session, QUIET_FROM, day, "20")) % 24, int(_parameter(session, QUIET_TO, day, "7")) % 24


def tells_balance(session: Session, member_id: UUID, day: date) -> bool:
    """Whether messages to this member may say a balance: the SACCO's parameter, and the member's own wish."""
    if _parameter(session, TELL_BALANCE, day, "yes") != "yes":
        return False
    return wanted_by(session, Channel.SMS, BALANCE, member_id=member_id)


def wanted_by(
    session: Session,
    channel: str,
    topic: str,
    *,
    member_id: UUID | None = None,
    user_id: UUID | None = None,
    default: bool = True,
) -> bool:
    """What somebody said about a topic on a channel; `default` for who said nothing."""
    query = select(MessagePreference.wanted).where(
        MessagePreference.member_id.is_not_distinct_from(member_id),
        MessagePreference.user_id.is_not_distinct_from(user_id),
        MessagePreference.channel == channel,
        MessagePreference.topic == topic,
    )
    said = session.scalar(query)
    return default if said is None else said


def opted_out(session: Session, channel: str, address: str) -> OptOut | None:
    """The STOP of an address, if there is one."""
    return session.scalars(select(OptOut).where(OptOut.channel == channel, OptOut.address == address)).first()


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The condition for messages of the actor's branches."""
    return true() if actor.branch_ids is None else MessageRow.branch_id.in_(actor.branch_ids)


def messages(actor: Actor) -> Select[MessageRow]:
    """The messages that the actor may see."""
    return select(MessageRow).where(in_scope(actor))


def get_message(session: Session, actor: Actor, message_id: UUID) -> MessageRow:
    """One message of the actor's branches. Raises NotFound."""
    row = session.scalars(messages(actor).where(MessageRow.id == message_id)).first()
    if row is None:
        raise NotFound(what="message")
    return row


def of_member(session: Session, member_id: UUID, limit: int = 20) -> list[MessageRow]:
    """The latest messages to a member; the caller has seen to it that the actor may see the member."""
    query = select(MessageRow).where(MessageRow.member_id == member_id)
    return list(session.scalars(query.order_by(MessageRow.created_at.desc()).limit(limit)))


def resent_as(session: Session, message_id: UUID) -> MessageRow | None:
    """The message that was sent in place of this one."""
    return session.scalars(select(MessageRow).where(MessageRow.resend_of == message_id)).first()


def count_unknown(session: Session, actor: Actor) -> int:
    """How many messages wait for a person's decision: of unknown fate and not sent again."""
    again = aliased(MessageRow)
    resent = select(again.id).where(again.resend_of == MessageRow.id).exists()
    query = select(func.count()).select_from(MessageRow)
    return session.scalar(query.where(in_scope(actor), MessageRow.status == Status.UNKNOWN, ~resent)) or 0


def versions(session: Session, code: str) -> list[MessageTemplate]:
    """Every version of the words of a message, the newest first."""
    query = select(MessageTemplate).where(MessageTemplate.code == code)
    return list(session.scalars(query.order_by(MessageTemplate.made_at.desc(), MessageTemplate.language)))


def reports_of(session: Session, message_id: UUID) -> list[ReportOutcome]:
    """What the provider told of a message, the first first."""
    query = select(ReportOutcome).where(ReportOutcome.message_id == message_id)
    return list(session.scalars(query.order_by(ReportOutcome.at, ReportOutcome.position)))


def told(actor: Actor) -> Any:
    """What providers told us, with the call: of messages of the actor's branches; the rest for who sees all branches."""
    query = select(ReportOutcome, DeliveryReport).join(DeliveryReport, DeliveryReport.id == ReportOutcome.report_id)
    if actor.branch_ids is None:
        return query
    return query.join(MessageRow, MessageRow.id == ReportOutcome.message_id).where(in_scope(actor))


def sums(session: Session, query: Select[MessageRow]) -> Sums:
    """How many messages and parts a selection of messages has, and what they cost, by currency."""
    picked = query.order_by(None).with_only_columns(
        MessageRow.cost_currency, func.count(), func.sum(MessageRow.segments), func.sum(MessageRow.cost)
    )
    rows = session.execute(picked.group_by(MessageRow.cost_currency)).all()
    costs = {row[0]: row[3] for row in rows if row[0] and row[3]}
    return Sums(sum(row[1] for row in rows), sum(row[2] or 0 for row in rows), costs)


def costs(session: Session, actor: Actor, since: datetime) -> list[Cost]:
    """What messages cost since an instant, by day in Kampala, message and currency."""
    day = cast(func.timezone("Africa/Kampala", MessageRow.created_at), Date)
    query = (
        select(day, MessageRow.code, MessageRow.cost_currency, func.count(), func.sum(MessageRow.segments))
        .add_columns(func.sum(MessageRow.cost))
        .where(in_scope(actor), MessageRow.created_at >= since, MessageRow.cost.is_not(None))
        .group_by(day, MessageRow.code, MessageRow.cost_currency)
        .order_by(day)
    )
    return [Cost(*row) for row in session.execute(query)]


def unread(session: Session, user_id: UUID) -> int:
    """How many lines of an inbox nobody has opened."""
    query = select(func.count()).select_from(InboxItem).where(InboxItem.user_id == user_id)
    return session.scalar(query.where(InboxItem.read_at.is_(None))) or 0


def inbox(user_id: UUID) -> Select[InboxItem]:
    """The lines in the inbox of a member of staff."""
    return select(InboxItem).where(InboxItem.user_id == user_id)


def subscriptions(session: Session, user_id: UUID) -> list[PushSubscription]:
    """The browsers of somebody that may be woken, the newest first."""
    query = select(PushSubscription).where(PushSubscription.user_id == user_id)
    return list(session.scalars(query.order_by(PushSubscription.made_at.desc())))


def wishes(
    session: Session, *, member_id: UUID | None = None, user_id: UUID | None = None
) -> dict[tuple[str, str], bool]:
    """Everything that somebody said, by (channel, topic)."""
    query = select(MessagePreference).where(
        MessagePreference.member_id.is_not_distinct_from(member_id),
        MessagePreference.user_id.is_not_distinct_from(user_id),
    )
    return {(row.channel, row.topic): row.wanted for row in session.scalars(query)}


def sacco_name(session: Session) -> str:
    """How the SACCO signs."""
    return organisation.get_profile(session).name


def sacco_short_name(session: Session) -> str:
    """How the SACCO signs where there is little room."""
    return organisation.get_profile(session).short_name
