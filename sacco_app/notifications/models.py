"""Tables of the notifications room."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sacco_app.kernel.crypto import EncryptedText
from sacco_app.kernel.db import Base, Id


class MessageTemplate(Base):
    """One version of the words of a message in a language. The highest version is in force; it may be switched off."""

    __tablename__ = "message_templates"
    __table_args__ = (UniqueConstraint("code", "language", "version"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2))
    version: Mapped[int]
    subject: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text)
    active: Mapped[bool]
    needs_review: Mapped[bool]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]


class MessageRow(Base):
    """One text to one address, from the moment it was wanted. `body` hides secrets; `sealed` holds the true text of a
    message with a secret until it is on its way. One event makes one message for an address, however often it is told."""

    __tablename__ = "messages"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("event_id", "code", "recipient"),
        CheckConstraint("cost IS NULL OR cost_currency <> ''", name="cost_has_currency"),
        Index("ix_messages_created_at", "created_at"),
        Index("ix_messages_branch_id_created_at", "branch_id", "created_at"),
        Index("ix_messages_member_id_created_at", "member_id", "created_at"),
        Index("ix_messages_provider_id", "provider_id", postgresql_where=text("provider_id <> ''")),
        Index("ix_messages_waiting", "not_before", postgresql_where=text("not_before IS NOT NULL")),
        Index("ix_messages_recipient_status", "recipient", "status"),
        Index("ix_messages_unknown", "branch_id", postgresql_where=text("status = 'unknown'")),
        Index("ix_messages_sending", "sending_at", postgresql_where=text("status = 'sending'")),
        Index("ix_messages_resend_of", "resend_of", unique=True, postgresql_where=text("resend_of IS NOT NULL")),
    )

    id: Mapped[Id]
    event_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(String(40))
    template_version: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    recipient: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text)
    sealed: Mapped[str | None] = mapped_column(EncryptedText)
    attachment_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    status: Mapped[str] = mapped_column(String(12))
    segments: Mapped[int]
    cost: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    cost_currency: Mapped[str] = mapped_column(String(3))
    provider: Mapped[str] = mapped_column(String(20))
    provider_id: Mapped[str] = mapped_column(String(80))
    attempts: Mapped[int]
    error: Mapped[str] = mapped_column(String(300))
    resend_of: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id"))
    created_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class DeliveryReport(Base):
    """What a gateway told us, as it arrived: append-only."""

    __tablename__ = "delivery_reports"
    __audited__ = False
    __table_args__ = (Index("ix_delivery_reports_received_at", "received_at"),)

    id: Mapped[Id]
    provider: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    content_type: Mapped[str] = mapped_column(String(100))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    headers: Mapped[dict[str, Any]]
    ip: Mapped[str] = mapped_column(String(45))
    sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]


class ReportOutcome(Base):
    """What a report said and what came of it; `unmatched` waits for the message whose provider id it names."""

    __tablename__ = "report_outcomes"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("report_id", "position"),
        Index("ix_report_outcomes_provider_id", "provider_id"),
        Index("ix_report_outcomes_message_id", "message_id"),
    )

    id: Mapped[Id]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("delivery_reports.id"))
    position: Mapped[int]
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id"))
    provider_id: Mapped[str] = mapped_column(String(80))
    recipient: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]


class MessagePreference(Base):
    """What a member or a member of staff wants to hear of on a channel; nothing said means yes."""

    __tablename__ = "message_preferences"
    __table_args__ = (
        UniqueConstraint("member_id", "user_id", "channel", "topic", postgresql_nulls_not_distinct=True),
        CheckConstraint("(member_id IS NULL) <> (user_id IS NULL)", name="one_owner"),
    )

    id: Mapped[Id]
    member_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    channel: Mapped[str] = mapped_column(String(10))
    topic: Mapped[str] = mapped_column(String(20))
    wanted: Mapped[bool]


class OptOut(Base):
    """An address whose owner said STOP: nothing goes there but security alerts, until they say START or staff lift it."""

    __tablename__ = "message_opt_outs"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(120))
    how: Mapped[str] = mapped_column(String(80))
    since: Mapped[datetime]


class InboxItem(Base):
    """A line in the inbox of a member of staff."""

    __tablename__ = "inbox_items"
    __audited__ = False
    __table_args__ = (
        UniqueConstraint("event_id", "user_id"),
        Index("ix_inbox_items_user_id_created_at", "user_id", "created_at"),
        Index("ix_inbox_items_unread", "user_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_inbox_items_subject", "subject", postgresql_where=text("read_at IS NULL")),
    )

    id: Mapped[Id]
    event_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(60), server_default="")
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(String(500))
    url: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class PushSubscription(Base):
    """A browser of a member of staff that may be woken."""

    __tablename__ = "push_subscriptions"
    __table_args__ = (UniqueConstraint("endpoint"), Index("ix_push_subscriptions_user_id", "user_id"))

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    endpoint: Mapped[str] = mapped_column(String(500), info={"secret": True})
    p256dh: Mapped[str] = mapped_column(String(120), info={"secret": True})
    auth: Mapped[str] = mapped_column(String(60), info={"secret": True})
    device: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
