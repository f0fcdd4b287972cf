"""Tables of the savings room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_create_savings"
down_revision = "0007_create_transactions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "savings_products",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("min_balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("min_opening_minor", sa.BigInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_savings_products"),
        sa.UniqueConstraint("code", name="uq_savings_products_code"),
    )
    op.create_table(
        "savings_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("product_code", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("ledger_balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("held_minor", sa.BigInteger(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("last_activity_on", sa.Date(), nullable=True),
        sa.CheckConstraint("held_minor >= 0", name=op.f("ck_savings_accounts_held_not_negative")),
        sa.CheckConstraint("ledger_balance_minor >= 0", name=op.f("ck_savings_accounts_ledger_balance_not_negative")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_savings_accounts_branch_id_branches"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_savings_accounts_member_id_members"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["savings_products.id"], name="fk_savings_accounts_product_id_savings_products"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_savings_accounts"),
        sa.UniqueConstraint("number", name="uq_savings_accounts_number"),
    )
    op.create_index("ix_savings_accounts_branch_id", "savings_accounts", ["branch_id"], unique=False)
    op.create_index("ix_savings_accounts_member_id", "savings_accounts", ["member_id"], unique=False)
    op.create_table(
        "savings_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["savings_accounts.id"], name="fk_savings_holds_account_id_savings_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_savings_holds"),
        sa.UniqueConstraint("reference", name="uq_savings_holds_reference"),
    )
    op.create_index("ix_savings_holds_account_id", "savings_holds", ["account_id"], unique=False)
    op.execute("CREATE SEQUENCE savings_account_numbers")


def downgrade() -> None:
    for table in ("savings_holds", "savings_accounts", "savings_products"):
        op.execute(f"DROP TABLE {table} CASCADE")
