"""Limits say who decided them; those that came with the program wait for the SACCO's own word."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031_name_source_of_limits"
down_revision = "0030_show_secrets_to_one"
branch_labels = None
depends_on = None

SHIPPED = "Our own choice"


def upgrade() -> None:
    op.add_column("transaction_limits", sa.Column("source", sa.String(200), nullable=False, server_default=""))
    op.add_column("transaction_limits", sa.Column("verified", sa.Boolean(), nullable=False, server_default=sa.false()))
    limits = sa.table(
        "transaction_limits", sa.column("source", sa.String), sa.column("verified", sa.Boolean), sa.column("valid_from", sa.Date)
    )
    op.execute(limits.update().where(sa.text("valid_from = '2021-01-01'")).values(source=SHIPPED))
    op.execute(limits.update().where(sa.text("valid_from <> '2021-01-01'")).values(verified=True))


def downgrade() -> None:
    for name in ("verified", "source"):
        op.drop_column("transaction_limits", name)
