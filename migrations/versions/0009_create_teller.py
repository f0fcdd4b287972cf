"""Tables of the teller room."""

from __future__ import annotations

from alembic import op

revision = "0009_create_teller"
down_revision = "0008_create_savings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    for table in ():
        op.execute(f"DROP TABLE {table} CASCADE")
