"""The money of members who died is paid out: by what right, to whom, and what each has had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038_pay_out_estates"
down_revision = "0037_wait_for_a_decision"
branch_labels = None
depends_on = None

OPEN = "opened_at IS NOT NULL AND ended_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "estates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=False),
        sa.Column("certificate_number", sa.String(60), nullable=False),
        sa.Column("certificate_id", sa.Uuid(), nullable=False),
        sa.Column("letter_number", sa.String(60), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_estates_member_id_members"),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["member_documents.id"], name="fk_estates_certificate_id_member_documents"
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["member_documents.id"], name="fk_estates_letter_id_member_documents"),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name="fk_estates_made_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_estates"),
    )
    op.create_index("ix_estates_member_id", "estates", ["member_id"])
    op.create_index("uq_estates_open", "estates", ["member_id"], unique=True, postgresql_where=sa.text(OPEN))
    op.create_table(
        "estate_heirs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("estate_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("relationship", sa.String(40), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("share", sa.Numeric(5, 2), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("guardian", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["estate_id"], ["estates.id"], name="fk_estate_heirs_estate_id_estates"),
        sa.PrimaryKeyConstraint("id", name="pk_estate_heirs"),
    )
    op.create_index("ix_estate_heirs_estate_id", "estate_heirs", ["estate_id"])
    op.create_table(
        "estate_payouts",
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("heir_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("authority", sa.String(200), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name="fk_estate_payouts_transaction_id_transactions"
        ),
        sa.ForeignKeyConstraint(["heir_id"], ["estate_heirs.id"], name="fk_estate_payouts_heir_id_estate_heirs"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["savings_accounts.id"], name="fk_estate_payouts_account_id_savings_accounts"
        ),
        sa.PrimaryKeyConstraint("transaction_id", name="pk_estate_payouts"),
    )
    op.create_index("ix_estate_payouts_account_id", "estate_payouts", ["account_id"])


def downgrade() -> None:
    op.drop_table("estate_payouts")
    op.drop_table("estate_heirs")
    op.drop_table("estates")
