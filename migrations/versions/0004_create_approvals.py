"""0004_create_approvals"""

from __future__ import annotations

revision = "0004_create_approvals"
down_revision = "0003_create_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
