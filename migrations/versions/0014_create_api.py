"""Devices of members' apps and their refresh tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_create_api"
down_revision = "0013_create_api_clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_api_devices_member_id_members"),
        sa.PrimaryKeyConstraint("id", name="pk_api_devices"),
    )
    op.create_index("ix_api_devices_member_id", "api_devices", ["member_id"])
    op.create_table(
        "api_refresh_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["api_devices.id"],
            name="fk_api_refresh_tokens_device_id_api_devices",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_refresh_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_api_refresh_tokens_token_hash"),
    )
    op.create_index("ix_api_refresh_tokens_device_id", "api_refresh_tokens", ["device_id"])
    op.create_index("ix_api_refresh_tokens_expires_at", "api_refresh_tokens", ["expires_at"])


def downgrade() -> None:
    op.drop_table("api_refresh_tokens")
    op.drop_table("api_devices")
