"""Requests say whose money they pay out, so that what waits counts with what was paid."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040_know_whose_money_leaves"
down_revision = "0039_keep_counts_of_hand_ins"
branch_labels = None
depends_on = None

OWNERS = """
UPDATE approval_requests SET payer_id = savings_accounts.member_id
FROM savings_holds JOIN savings_accounts ON savings_accounts.id = savings_holds.account_id
WHERE savings_holds.reference = approval_requests.id
  AND approval_requests.kind IN ('teller.withdraw', 'savings.transfer')
"""


def upgrade() -> None:
    op.add_column("approval_requests", sa.Column("payer_id", sa.Uuid(), nullable=True))
    op.execute(OWNERS)
    op.create_index("ix_approval_requests_payer_id", "approval_requests", ["payer_id"])


def downgrade() -> None:
    op.drop_index("ix_approval_requests_payer_id", "approval_requests")
    op.drop_column("approval_requests", "payer_id")
