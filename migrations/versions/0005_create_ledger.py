"""0005_create_ledger"""

from __future__ import annotations

revision = "0005_create_ledger"
down_revision = "0004_create_approvals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
