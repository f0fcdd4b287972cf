"""0006_create_members"""

from __future__ import annotations

revision = "0006_create_members"
down_revision = "0005_create_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
