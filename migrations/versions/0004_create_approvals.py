"""Tables of the approvals room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_create_approvals"
down_revision = "0003_create_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval_policies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("maker_role", sa.String(length=30), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("min_amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_approval_policies_branch_id_branches"),
        sa.PrimaryKeyConstraint("id", name="pk_approval_policies"),
    )
    op.create_index("ix_approval_policies_kind", "approval_policies", ["kind"], unique=False)
    op.create_table(
        "approval_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("command", JSONB(), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("effects", JSONB(), nullable=False),
        sa.Column("subject_url", sa.String(length=200), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("branch_id", sa.Uuid(), nullable=True),
        sa.Column("maker_id", sa.Uuid(), nullable=False),
        sa.Column("maker_name", sa.String(length=120), nullable=False),
        sa.Column("beneficiaries", JSONB(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_ref", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_approval_requests_branch_id_branches"),
        sa.ForeignKeyConstraint(["maker_id"], ["users.id"], name="fk_approval_requests_maker_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_approval_requests"),
    )
    op.create_index("ix_approval_requests_maker_id", "approval_requests", ["maker_id"], unique=False)
    op.create_index("ix_approval_requests_status_kind", "approval_requests", ["status", "kind"], unique=False)
    op.create_table(
        "approval_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("checker_id", sa.Uuid(), nullable=False),
        sa.Column("checker_name", sa.String(length=120), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["checker_id"], ["users.id"], name="fk_approval_decisions_checker_id_users"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name="fk_approval_decisions_request_id_approval_requests"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_approval_decisions"),
        sa.UniqueConstraint("request_id", "checker_id", name="uq_approval_decisions_request_id_checker_id"),
    )


def downgrade() -> None:
    for table in ("approval_decisions", "approval_requests", "approval_policies"):
        op.execute(f"DROP TABLE {table} CASCADE")
