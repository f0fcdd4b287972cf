"""0002_create_organisation"""

from __future__ import annotations

revision = "0002_create_organisation"
down_revision = "0001_create_kernel"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
