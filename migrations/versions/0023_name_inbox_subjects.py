"""Lines of the inbox name what they are about, so that a decision settles all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023_name_inbox_subjects"
down_revision = "0022_move_cash_at_noon"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox_items", sa.Column("subject", sa.String(length=60), server_default="", nullable=False))
    op.create_index(
        "ix_inbox_items_subject", "inbox_items", ["subject"], postgresql_where=sa.text("read_at IS NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_inbox_items_subject", "inbox_items")
    op.drop_column("inbox_items", "subject")
