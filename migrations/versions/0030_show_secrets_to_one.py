"""Links and secrets that two people agreed to are shown to one of them, once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030_show_secrets_to_one"
down_revision = "0029_one_user_per_member"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("password_resets", "api_client_secrets"):
        op.add_column(table, sa.Column("shown_to", sa.Uuid()))


def downgrade() -> None:
    for table in ("api_client_secrets", "password_resets"):
        op.drop_column(table, "shown_to")
