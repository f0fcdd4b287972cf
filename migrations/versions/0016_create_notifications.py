"""Messages, their templates, what gateways report, preferences, the inbox and push subscriptions of staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016_create_notifications"
down_revision = "0015_create_documents"
branch_labels = None
depends_on = None

APPEND_ONLY = ("delivery_reports", "console_messages")


def upgrade() -> None:
    op.create_table(
        "console_messages",
        sa.Column("our_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("recipient", sa.String(length=120), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("our_id", name="pk_console_messages"),
    )
    op.create_table(
        "delivery_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("headers", JSONB(none_as_null=True), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_reports"),
    )
    op.create_index("ix_delivery_reports_received_at", "delivery_reports", ["received_at"])
    op.create_table(
        "message_opt_outs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("how", sa.String(length=80), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_opt_outs"),
        sa.UniqueConstraint("channel", "address", name="uq_message_opt_outs_channel_address"),
    )
    op.create_table(
        "message_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("needs_review", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_templates"),
        sa.UniqueConstraint("code", "language", "version", name="uq_message_templates_code_language_version"),
    )
    op.create_table(
        "inbox_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("body", sa.String(length=500), nullable=False),
        sa.Column("url", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_inbox_items_user_id_users", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_items"),
        sa.UniqueConstraint("event_id", "user_id", name="uq_inbox_items_event_id_user_id"),
    )
    op.create_index("ix_inbox_items_unread", "inbox_items", ["user_id"], postgresql_where=sa.text("read_at IS NULL"))
    op.create_index("ix_inbox_items_user_id_created_at", "inbox_items", ["user_id", "created_at"])
    op.create_table(
        "message_preferences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(member_id IS NULL) <> (user_id IS NULL)", name="ck_message_preferences_one_owner"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_message_preferences_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_message_preferences"),
        sa.UniqueConstraint(
            "member_id",
            "user_id",
            "channel",
            "topic",
            name="uq_message_preferences_member_id_user_id_channel_topic",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("recipient", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("attachment_id", sa.Uuid()),
        sa.Column("member_id", sa.Uuid()),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=12, scale=4)),
        sa.Column("cost_currency", sa.String(length=3), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("resend_of", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.Column("sending_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("cost IS NULL OR cost_currency <> ''", name="ck_messages_cost_has_currency"),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_messages_branch_id_branches"),
        sa.ForeignKeyConstraint(["resend_of"], ["messages.id"], name="fk_messages_resend_of_messages"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_messages_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("event_id", "code", "recipient", name="uq_messages_event_id_code_recipient"),
    )
    op.create_index("ix_messages_branch_id_created_at", "messages", ["branch_id", "created_at"])
    op.create_index("ix_messages_created_at", "messages", ["created_at"])
    op.create_index("ix_messages_member_id_created_at", "messages", ["member_id", "created_at"])
    op.create_index(
        "ix_messages_provider_id", "messages", ["provider_id"], postgresql_where=sa.text("provider_id <> ''")
    )
    op.create_index("ix_messages_recipient_status", "messages", ["recipient", "status"])
    op.create_index(
        "ix_messages_waiting", "messages", ["not_before"], postgresql_where=sa.text("not_before IS NOT NULL")
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.String(length=500), nullable=False),
        sa.Column("p256dh", sa.String(length=120), nullable=False),
        sa.Column("auth", sa.String(length=60), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_push_subscriptions_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscriptions"),
        sa.UniqueConstraint("endpoint", name="uq_push_subscriptions_endpoint"),
    )
    op.create_index("ix_push_subscriptions_user_id", "push_subscriptions", ["user_id"])
    op.create_table(
        "report_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Uuid()),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("recipient", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_report_outcomes_message_id_messages"),
        sa.ForeignKeyConstraint(
            ["report_id"], ["delivery_reports.id"], name="fk_report_outcomes_report_id_delivery_reports"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_outcomes"),
        sa.UniqueConstraint("report_id", "position", name="uq_report_outcomes_report_id_position"),
    )
    op.create_index("ix_report_outcomes_message_id", "report_outcomes", ["message_id"])
    op.create_index("ix_report_outcomes_provider_id", "report_outcomes", ["provider_id"])
    # ### end Alembic commands ###

    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in (
        "report_outcomes",
        "delivery_reports",
        "console_messages",
        "message_opt_outs",
        "message_preferences",
        "message_templates",
        "inbox_items",
        "push_subscriptions",
        "messages",
    ):
        op.execute(f"DROP TABLE {table} CASCADE")
