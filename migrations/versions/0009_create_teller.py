"""Tables of the teller room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009_create_teller"
down_revision = "0008_create_savings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tills",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_tills_branch_id_branches"),
        sa.PrimaryKeyConstraint("id", name="pk_tills"),
        sa.UniqueConstraint("code", name="uq_tills_code"),
    )
    op.create_table(
        "vaults",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("balance_minor >= 0", name=op.f("ck_vaults_balance_not_negative")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_vaults_branch_id_branches"),
        sa.PrimaryKeyConstraint("id", name="pk_vaults"),
        sa.UniqueConstraint("branch_id", name="uq_vaults_branch_id"),
    )
    op.create_table(
        "till_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.Uuid(), nullable=False),
        sa.Column("till_code", sa.String(length=10), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("teller_id", sa.Uuid(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("float_counts", JSONB(), nullable=False),
        sa.Column("float_minor", sa.BigInteger(), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_counts", JSONB(), nullable=True),
        sa.Column("counted_minor", sa.BigInteger(), nullable=True),
        sa.Column("difference_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("balance_minor >= 0", name=op.f("ck_till_sessions_balance_not_negative")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_till_sessions_branch_id_branches"),
        sa.ForeignKeyConstraint(["issued_by"], ["users.id"], name="fk_till_sessions_issued_by_users"),
        sa.ForeignKeyConstraint(["teller_id"], ["users.id"], name="fk_till_sessions_teller_id_users"),
        sa.ForeignKeyConstraint(["till_id"], ["tills.id"], name="fk_till_sessions_till_id_tills"),
        sa.PrimaryKeyConstraint("id", name="pk_till_sessions"),
    )
    op.create_index(
        "ix_till_sessions_branch_id_business_date", "till_sessions", ["branch_id", "business_date"], unique=False
    )
    op.create_index(
        "uq_till_sessions_live_teller",
        "till_sessions",
        ["teller_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('issued', 'opened', 'counting')"),
    )
    op.create_index(
        "uq_till_sessions_live_till",
        "till_sessions",
        ["till_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('issued', 'opened', 'counting')"),
    )


def downgrade() -> None:
    for table in ("till_sessions", "vaults", "tills"):
        op.execute(f"DROP TABLE {table} CASCADE")
