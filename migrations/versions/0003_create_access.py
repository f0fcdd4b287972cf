"""0003_create_access"""

from __future__ import annotations

revision = "0003_create_access"
down_revision = "0002_create_organisation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
