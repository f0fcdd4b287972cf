"""A till's break, and cash between vault and tills in the middle of the day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022_move_cash_at_noon"
down_revision = "0021_extend_members"
branch_labels = None
depends_on = None

LIVE = {"uq_till_sessions_live_teller": "teller_id", "uq_till_sessions_live_till": "till_id"}


def _live(states: str) -> None:
    for name, column in LIVE.items():
        op.drop_index(name, table_name="till_sessions")
        op.create_index(
            name, "till_sessions", [column], unique=True, postgresql_where=sa.text(f"state IN ({states})")
        )


def upgrade() -> None:
    op.add_column("till_sessions", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("till_sessions", sa.Column("suspended_by", sa.Uuid(), nullable=True))
    op.create_foreign_key("fk_till_sessions_suspended_by_users", "till_sessions", "users", ["suspended_by"], ["id"])
    _live("'issued', 'opened', 'suspended', 'counting'")
    op.create_table(
        "cash_moves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("counts", JSONB(none_as_null=True), nullable=False),
        sa.Column("from_session_id", sa.Uuid(), nullable=True),
        sa.Column("to_session_id", sa.Uuid(), nullable=True),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_cash_moves_moves_something")),
        sa.CheckConstraint("num_nonnulls(from_session_id, to_session_id) > 0", name=op.f("ck_cash_moves_has_a_till")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_cash_moves_branch_id_branches"),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name="fk_cash_moves_decided_by_users"),
        sa.ForeignKeyConstraint(["offered_by"], ["users.id"], name="fk_cash_moves_offered_by_users"),
        sa.ForeignKeyConstraint(
            ["from_session_id"], ["till_sessions.id"], name="fk_cash_moves_from_session_id_till_sessions"
        ),
        sa.ForeignKeyConstraint(
            ["to_session_id"], ["till_sessions.id"], name="fk_cash_moves_to_session_id_till_sessions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_cash_moves"),
    )
    op.create_index("ix_cash_moves_from_session_id", "cash_moves", ["from_session_id"])
    op.create_index("ix_cash_moves_to_session_id", "cash_moves", ["to_session_id"])
    op.create_index(
        "ix_cash_moves_offered", "cash_moves", ["branch_id"], postgresql_where=sa.text("state = 'offered'")
    )


def downgrade() -> None:
    op.drop_table("cash_moves")
    op.execute("UPDATE till_sessions SET state = 'opened' WHERE state = 'suspended'")
    _live("'issued', 'opened', 'counting'")
    op.drop_constraint("fk_till_sessions_suspended_by_users", "till_sessions", type_="foreignkey")
    op.drop_column("till_sessions", "suspended_by")
    op.drop_column("till_sessions", "suspended_at")
