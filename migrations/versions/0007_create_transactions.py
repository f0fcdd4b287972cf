"""0007_create_transactions"""

from __future__ import annotations

revision = "0007_create_transactions"
down_revision = "0006_create_members"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
