"""Savings accounts end and fall asleep: days until dormant, the day of closing, the day of paying out again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020_close_and_wake_savings"
down_revision = "0019_create_ussd"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("savings_products", sa.Column("dormancy_days", sa.Integer(), nullable=False, server_default="365"))
    op.add_column("savings_accounts", sa.Column("debits_from", sa.Date(), nullable=True))
    op.add_column("savings_accounts", sa.Column("closed_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("savings_products", "dormancy_days")
    op.drop_column("savings_accounts", "debits_from")
    op.drop_column("savings_accounts", "closed_on")
