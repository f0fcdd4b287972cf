"""Tables of the USSD room: the trail of sessions, and who has chosen a language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_create_ussd"
down_revision = "0018_create_journal_papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ussd_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("gateway", sa.String(length=40), nullable=False),
        sa.Column("service_code", sa.String(length=40), nullable=False),
        sa.Column("network", sa.String(length=20), nullable=False),
        sa.Column("phone_masked", sa.String(length=20), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.Column("last_menu", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_ussd_sessions_branch_id_branches"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_ussd_sessions_member_id_members"),
        sa.PrimaryKeyConstraint("id", name="pk_ussd_sessions"),
    )
    op.create_index("ix_ussd_sessions_branch_id_started_at", "ussd_sessions", ["branch_id", "started_at"])
    op.create_index("ix_ussd_sessions_member_id", "ussd_sessions", ["member_id"])
    op.create_index("ix_ussd_sessions_phone_hash", "ussd_sessions", ["phone_hash"])
    op.create_index("ix_ussd_sessions_session_hash", "ussd_sessions", ["session_hash"])
    op.create_index("ix_ussd_sessions_started_at", "ussd_sessions", ["started_at"])
    op.create_table(
        "ussd_choices",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_ussd_choices_member_id_members"),
        sa.PrimaryKeyConstraint("member_id", name="pk_ussd_choices"),
    )


def downgrade() -> None:
    for table in ("ussd_choices", "ussd_sessions"):
        op.execute(f"DROP TABLE {table} CASCADE")
