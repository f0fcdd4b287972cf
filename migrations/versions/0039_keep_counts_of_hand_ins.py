"""Every count of a till that was handed in is kept; a custodian counts a hand-in once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039_keep_counts_of_hand_ins"
down_revision = "0038_pay_out_estates"
branch_labels = None
depends_on = None

# What the first of several custodians had counted stays with a till that was sent back or waits: it is not to be used.
FORGET = "UPDATE till_sessions SET recounts = NULL, recounted_minor = NULL, received_by = NULL, difference_minor = NULL "


def upgrade() -> None:
    op.add_column("cash_counts", sa.Column("request_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_cash_counts_request_id_approval_requests", "cash_counts", "approval_requests", ["request_id"], ["id"]
    )
    op.create_index(
        "uq_cash_counts_request_id_counted_by", "cash_counts", ["request_id", "counted_by"], unique=True
    )
    op.execute(f"{FORGET} WHERE state IN ('opened', 'suspended', 'counting')")


def downgrade() -> None:
    op.execute("DELETE FROM cash_counts WHERE request_id IS NOT NULL")
    op.drop_index("uq_cash_counts_request_id_counted_by", table_name="cash_counts")
    op.drop_constraint("fk_cash_counts_request_id_approval_requests", "cash_counts", type_="foreignkey")
    op.drop_column("cash_counts", "request_id")
