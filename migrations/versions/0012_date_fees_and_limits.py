"""Fees are dated and bear duty, limits by role, channel and day, a transfer knows where it went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_date_fees_and_limits"
down_revision = "0011_create_channel_credentials"
branch_labels = None
depends_on = None

SINCE = "2021-01-01"


def upgrade() -> None:
    op.add_column("transactions", sa.Column("duty_minor", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("transactions", sa.Column("other_account_id", sa.Uuid(), nullable=True))
    op.add_column(
        "transactions", sa.Column("other_account_number", sa.String(length=30), nullable=False, server_default="")
    )
    op.create_index("ix_transactions_maker_id_at", "transactions", ["maker_id", "at"], unique=False)
    op.add_column("fee_rules", sa.Column("channel", sa.String(length=20), nullable=True))
    op.add_column("fee_rules", sa.Column("valid_from", sa.Date(), nullable=False, server_default=SINCE))
    op.alter_column("fee_rules", "valid_from", server_default=None)
    op.add_column("fee_rules", sa.Column("valid_to", sa.Date(), nullable=True))
    op.drop_constraint("uq_fee_rules_kind_product_from_minor", "fee_rules", type_="unique")
    op.create_unique_constraint(
        "uq_fee_rules_key_valid_from",
        "fee_rules",
        ["kind", "product", "channel", "from_minor", "valid_from"],
        postgresql_nulls_not_distinct=True,
    )
    op.create_check_constraint(
        op.f("ck_fee_rules_dates_in_order"), "fee_rules", "valid_to IS NULL OR valid_to >= valid_from"
    )
    op.create_table(
        "transaction_limits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("role", sa.String(length=30), nullable=True),
        sa.Column("counted_for", sa.String(length=10), nullable=False),
        sa.Column("max_one_minor", sa.BigInteger(), nullable=True),
        sa.Column("max_day_minor", sa.BigInteger(), nullable=True),
        sa.Column("max_day_count", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_transaction_limits_dates_in_order")
        ),
        sa.CheckConstraint(
            "num_nonnulls(max_one_minor, max_day_minor, max_day_count) > 0",
            name=op.f("ck_transaction_limits_limits_something"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_transaction_limits"),
        sa.UniqueConstraint(
            "kind",
            "channel",
            "role",
            "counted_for",
            "valid_from",
            name="uq_transaction_limits_key_valid_from",
            postgresql_nulls_not_distinct=True,
        ),
    )


def downgrade() -> None:
    op.drop_table("transaction_limits")
    op.drop_constraint("uq_fee_rules_key_valid_from", "fee_rules", type_="unique")
    op.drop_constraint(op.f("ck_fee_rules_dates_in_order"), "fee_rules", type_="check")
    op.execute("DELETE FROM fee_rules WHERE channel IS NOT NULL OR valid_to IS NOT NULL")
    for column in ("channel", "valid_from", "valid_to"):
        op.drop_column("fee_rules", column)
    op.create_unique_constraint(
        "uq_fee_rules_kind_product_from_minor",
        "fee_rules",
        ["kind", "product", "from_minor"],
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index("ix_transactions_maker_id_at", table_name="transactions")
    for column in ("duty_minor", "other_account_id", "other_account_number"):
        op.drop_column("transactions", column)
