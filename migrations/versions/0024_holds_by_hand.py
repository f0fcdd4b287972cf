"""Holds on savings that people place know that they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024_holds_by_hand"
down_revision = "0023_name_inbox_subjects"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("savings_holds", sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("savings_holds", "by_hand")
