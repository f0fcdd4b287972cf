"""Where large cash comes from, and by what right somebody else takes cash out. Append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027_declare_cash"
down_revision = "0026_add_logo"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cash_declarations",
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_cash_declarations_branch_id_branches"),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["transactions.id"], name="fk_cash_declarations_transaction_id_transactions"
        ),
        sa.PrimaryKeyConstraint("transaction_id", name="pk_cash_declarations"),
    )
    op.create_index(
        "ix_cash_declarations_branch_id_business_date", "cash_declarations", ["branch_id", "business_date"]
    )
    op.execute(
        "CREATE TRIGGER cash_declarations_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cash_declarations "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("cash_declarations")
