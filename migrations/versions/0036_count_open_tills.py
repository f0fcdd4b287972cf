"""A supervisor counts an open till by surprise: counts of vaults and of tills are kept in one table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036_count_open_tills"
down_revision = "0035_speed_late_lines"
branch_labels = None
depends_on = None

NAMES = (
    "pk_{0}",
    "fk_{0}_vault_id_vaults",
    "fk_{0}_branch_id_branches",
    "fk_{0}_counted_by_users",
    "fk_{0}_signed_by_users",
)
INDEXES = ("ix_{0}_vault_id_counted_at", "uq_{0}_waiting")


def _rename(old: str, new: str) -> None:
    op.rename_table(old, new)
    for name in NAMES:
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {name.format(old)} TO {name.format(new)}")
    for name in INDEXES:
        op.execute(f"ALTER INDEX {name.format(old)} RENAME TO {name.format(new)}")


def _move_pages(old: str, new: str) -> None:
    """Requests that wait lead to the page of the count."""
    op.execute(
        "UPDATE approval_requests SET subject_url = "
        f"replace(subject_url, '{old}', '{new}') WHERE subject_url LIKE '{old}%'"
    )


def upgrade() -> None:
    _rename("vault_counts", "cash_counts")
    _move_pages("/teller/vault/counts/", "/teller/counts/")
    op.alter_column("cash_counts", "vault_id", nullable=True)
    op.add_column("cash_counts", sa.Column("session_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_cash_counts_session_id_till_sessions", "cash_counts", "till_sessions", ["session_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_cash_counts_counts_one_place"), "cash_counts", "num_nonnulls(vault_id, session_id) = 1"
    )
    op.create_index("ix_cash_counts_branch_id_counted_at", "cash_counts", ["branch_id", "counted_at"])
    op.create_index("ix_cash_counts_session_id", "cash_counts", ["session_id"])
    op.create_index(
        "uq_cash_counts_till_waiting",
        "cash_counts",
        ["session_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM cash_counts WHERE session_id IS NOT NULL")
    for index in ("uq_cash_counts_till_waiting", "ix_cash_counts_session_id", "ix_cash_counts_branch_id_counted_at"):
        op.drop_index(index, table_name="cash_counts")
    op.drop_constraint(op.f("ck_cash_counts_counts_one_place"), "cash_counts", type_="check")
    op.drop_constraint("fk_cash_counts_session_id_till_sessions", "cash_counts", type_="foreignkey")
    op.drop_column("cash_counts", "session_id")
    op.alter_column("cash_counts", "vault_id", nullable=False)
    _move_pages("/teller/counts/", "/teller/vault/counts/")
    _rename("cash_counts", "vault_counts")
