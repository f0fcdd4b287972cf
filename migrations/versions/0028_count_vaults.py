"""Counts of the vault by two custodians, and cash on its way to the bank."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0028_count_vaults"
down_revision = "0027_declare_cash"
branch_labels = None
depends_on = None


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
        for column, other in columns.items()
    ]


def upgrade() -> None:
    op.create_table(
        "vault_counts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("vault_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counts", JSONB(none_as_null=True), nullable=False),
        sa.Column("counted_minor", sa.BigInteger(), nullable=False),
        sa.Column("book_minor", sa.BigInteger(), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("counted_by", sa.Uuid(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("transaction_id", sa.Uuid(), nullable=True),
        *_references(
            "vault_counts", vault_id="vaults", branch_id="branches", counted_by="users", signed_by="users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_vault_counts"),
    )
    op.create_index("ix_vault_counts_vault_id_counted_at", "vault_counts", ["vault_id", "counted_at"])
    op.create_index(
        "uq_vault_counts_waiting",
        "vault_counts",
        ["vault_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "bankings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("counts", JSONB(none_as_null=True), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.String(length=120), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("slip_number", sa.String(length=40), nullable=False),
        sa.Column("slip_minor", sa.BigInteger(), nullable=True),
        sa.Column("banked_by", sa.Uuid(), nullable=True),
        sa.Column("banked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slip_transaction_id", sa.Uuid(), nullable=True),
        *_references(
            "bankings", branch_id="branches", sent_by="users", agreed_by="users", banked_by="users"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bankings"),
    )
    op.create_index(
        "ix_bankings_in_transit", "bankings", ["branch_id"], postgresql_where=sa.text("state = 'in_transit'")
    )


def downgrade() -> None:
    op.drop_table("bankings")
    op.drop_table("vault_counts")
