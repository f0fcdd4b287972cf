"""A till that is handed in is counted again by the custodian who takes its cash over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034_take_tills_over"
down_revision = "0033_name_who_ordered_holds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("till_sessions", sa.Column("recounts", JSONB(none_as_null=True), nullable=True))
    op.add_column("till_sessions", sa.Column("recounted_minor", sa.BigInteger(), nullable=True))
    op.add_column("till_sessions", sa.Column("received_by", sa.Uuid(), nullable=True))
    op.add_column(
        "till_sessions", sa.Column("sent_back", sa.String(length=500), nullable=False, server_default="")
    )
    op.alter_column("till_sessions", "sent_back", server_default=None)
    op.create_foreign_key("fk_till_sessions_received_by_users", "till_sessions", "users", ["received_by"], ["id"])


def downgrade() -> None:
    op.drop_constraint("fk_till_sessions_received_by_users", "till_sessions", type_="foreignkey")
    for column in ("sent_back", "received_by", "recounted_minor", "recounts"):
        op.drop_column("till_sessions", column)
