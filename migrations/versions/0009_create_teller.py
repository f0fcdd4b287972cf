"""0009_create_teller"""

from __future__ import annotations

revision = "0009_create_teller"
down_revision = "0008_create_savings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
