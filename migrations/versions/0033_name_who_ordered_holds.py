"""Holds by hand say who ordered them and who placed them; those from before count as the SACCO's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033_name_who_ordered_holds"
down_revision = "0032_note_role_offers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("savings_holds", sa.Column("ordered_by", sa.String(10), nullable=False, server_default=""))
    op.add_column("savings_holds", sa.Column("placed_by", sa.Uuid()))
    op.create_foreign_key("fk_savings_holds_placed_by_users", "savings_holds", "users", ["placed_by"], ["id"])
    op.execute("UPDATE savings_holds SET ordered_by = 'sacco' WHERE by_hand")


def downgrade() -> None:
    op.drop_constraint("fk_savings_holds_placed_by_users", "savings_holds")
    for name in ("placed_by", "ordered_by"):
        op.drop_column("savings_holds", name)
