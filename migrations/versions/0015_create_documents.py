"""Documents and runs of documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015_create_documents"
down_revision = "0014_create_api"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_document_batches_branch_id_branches"),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name="fk_document_batches_requested_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_document_batches"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("params", JSONB(), nullable=False),
        sa.Column("branch_id", sa.Uuid()),
        sa.Column("member_id", sa.Uuid()),
        sa.Column("batch_id", sa.Uuid()),
        sa.Column("dedupe_key", sa.String(120)),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True)),
        sa.Column("path", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("check_code", sa.String(16), nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("error", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_documents_branch_id_branches"),
        sa.ForeignKeyConstraint(["batch_id"], ["document_batches.id"], name="fk_documents_batch_id_document_batches"),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name="fk_documents_requested_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("check_code", name="uq_documents_check_code"),
        sa.UniqueConstraint("dedupe_key", name="uq_documents_dedupe_key"),
    )
    op.create_index("ix_documents_requested_at", "documents", ["requested_at"])
    op.create_index("ix_documents_requested_by", "documents", ["requested_by", "requested_at"])
    op.create_index(
        "ix_documents_member_id", "documents", ["member_id"], postgresql_where=sa.text("member_id IS NOT NULL")
    )
    op.create_index(
        "ix_documents_batch_id", "documents", ["batch_id", "status"], postgresql_where=sa.text("batch_id IS NOT NULL")
    )


def downgrade() -> None:
    for table in ("documents", "document_batches"):
        op.drop_table(table)
