"""Papers of manual journals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_create_journal_papers"
down_revision = "0017_roll_up_days"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_papers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("path", sa.String(80), nullable=False),
        sa.Column("mime", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_requests.id"], name="fk_journal_papers_request_id_approval_requests"
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_journal_papers_branch_id_branches"),
        sa.ForeignKeyConstraint(["added_by"], ["users.id"], name="fk_journal_papers_added_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_journal_papers"),
    )
    op.create_index("ix_journal_papers_request_id", "journal_papers", ["request_id"])


def downgrade() -> None:
    op.drop_table("journal_papers")
