"""The SACCO's logo, for papers and the sign-in page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026_add_logo"
down_revision = "0025_index_messages_to_settle"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisation", sa.Column("logo", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("organisation", "logo")
