"""A member is at most one user."""

from __future__ import annotations

from alembic import op

revision = "0029_one_user_per_member"
down_revision = "0028_count_vaults"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_unique_constraint("uq_users_member_id", "users", ["member_id"])


def downgrade() -> None:
    op.drop_constraint("uq_users_member_id", "users")
