"""A till that was handed in, and a difference that was found in one, wait until somebody decides."""

from __future__ import annotations

from alembic import op

revision = "0037_wait_for_a_decision"
down_revision = "0036_count_open_tills"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("approval_requests", "expires_at", nullable=True)
    op.execute(
        "UPDATE approval_requests SET expires_at = NULL "
        "WHERE status = 'pending' AND kind IN ('teller.close-difference', 'teller.count-till')"
    )


def downgrade() -> None:
    op.execute("UPDATE approval_requests SET expires_at = made_at + interval '1 day' WHERE expires_at IS NULL")
    op.alter_column("approval_requests", "expires_at", nullable=False)
