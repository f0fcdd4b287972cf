"""Members' access to USSD and the API; technical users that stand as makers for channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_create_channel_credentials"
down_revision = "0010_create_deliveries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("is_technical", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute("UPDATE users SET is_technical = true WHERE email = 'system'")
    op.create_table(
        "channel_credentials",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("phone_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("is_temporary", sa.Boolean(), nullable=False),
        sa.Column("failed_tries", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("block_reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_channel_credentials_member_id_members"),
        sa.PrimaryKeyConstraint("member_id", name="pk_channel_credentials"),
        sa.UniqueConstraint("phone", name="uq_channel_credentials_phone"),
    )


def downgrade() -> None:
    op.drop_table("channel_credentials")
    op.drop_column("users", "is_technical")
