"""What a person has to decide and what a dead worker left is found by index; a message is sent again once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025_index_messages_to_settle"
down_revision = "0024_holds_by_hand"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_messages_unknown", "messages", ["branch_id"], postgresql_where=sa.text("status = 'unknown'"))
    op.create_index("ix_messages_sending", "messages", ["sending_at"], postgresql_where=sa.text("status = 'sending'"))
    op.create_index(
        "ix_messages_resend_of",
        "messages",
        ["resend_of"],
        unique=True,
        postgresql_where=sa.text("resend_of IS NOT NULL"),
    )


def downgrade() -> None:
    for name in ("ix_messages_resend_of", "ix_messages_sending", "ix_messages_unknown"):
        op.drop_index(name, "messages")
