"""What was shipped with a role is noted, so that an upgrade brings what is new and nothing that was taken away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032_note_role_offers"
down_revision = "0031_name_source_of_limits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "role_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name="fk_role_offers_role_id_roles", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_role_offers"),
        sa.UniqueConstraint("role_id", "permission", name="uq_role_offers_role_id_permission"),
    )


def downgrade() -> None:
    op.drop_table("role_offers")
