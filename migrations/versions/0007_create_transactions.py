"""Tables of the transactions room; a transaction is never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_create_transactions"
down_revision = "0006_create_members"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fee_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("product", sa.String(length=20), nullable=True),
        sa.Column("from_minor", sa.BigInteger(), nullable=False),
        sa.Column("flat_minor", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=20, scale=8), nullable=False),
        sa.Column("max_minor", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_fee_rules"),
        sa.UniqueConstraint(
            "kind",
            "product",
            "from_minor",
            name="uq_fee_rules_kind_product_from_minor",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("check_code", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("balance_after_minor", sa.BigInteger(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("member_number", sa.String(length=20), nullable=False),
        sa.Column("member_name", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("account_number", sa.String(length=30), nullable=False),
        sa.Column("till_session_id", sa.Uuid(), nullable=True),
        sa.Column("till_code", sa.String(length=10), nullable=False),
        sa.Column("receipt_number", sa.String(length=40), nullable=False),
        sa.Column("party_name", sa.String(length=120), nullable=False),
        sa.Column("party_phone", sa.String(length=20), nullable=False),
        sa.Column("narration", sa.String(length=200), nullable=False),
        sa.Column("maker_id", sa.Uuid(), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_transactions_branch_id_branches"),
        sa.ForeignKeyConstraint(["maker_id"], ["users.id"], name="fk_transactions_maker_id_users"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_transactions_member_id_members"),
        sa.ForeignKeyConstraint(["reverses_id"], ["transactions.id"], name="fk_transactions_reverses_id_transactions"),
        sa.PrimaryKeyConstraint("id", name="pk_transactions"),
        sa.UniqueConstraint("check_code", name="uq_transactions_check_code"),
        sa.UniqueConstraint("number", name="uq_transactions_number"),
        sa.UniqueConstraint("reverses_id", name="uq_transactions_reverses_id"),
    )
    op.create_index("ix_transactions_branch_id_at", "transactions", ["branch_id", "at"], unique=False)
    op.create_index("ix_transactions_member_id_at", "transactions", ["member_id", "at"], unique=False)
    op.create_index("ix_transactions_till_session_id", "transactions", ["till_session_id"], unique=False)
    op.create_index(
        "uq_transactions_receipt_number",
        "transactions",
        ["receipt_number"],
        unique=True,
        postgresql_where=sa.text("receipt_number <> ''"),
    )
    op.create_table(
        "receipt_prints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("printed_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["printed_by"], ["users.id"], name="fk_receipt_prints_printed_by_users"),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name="fk_receipt_prints_transaction_id_transactions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_receipt_prints"),
    )
    op.create_index("ix_receipt_prints_transaction_id", "receipt_prints", ["transaction_id"], unique=False)
    op.execute(
        "CREATE TRIGGER transactions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transactions "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    for table in ("receipt_prints", "transactions", "fee_rules"):
        op.execute(f"DROP TABLE {table} CASCADE")
