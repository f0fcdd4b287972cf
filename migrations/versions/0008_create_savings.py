"""0008_create_savings"""

from __future__ import annotations

revision = "0008_create_savings"
down_revision = "0007_create_transactions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
