"""Totals of closed days, the closes themselves, and the triggers that keep them right; the age of clearing accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_roll_up_days"
down_revision = "0016_create_notifications"
branch_labels = None
depends_on = None

CLEARING_DAYS = {"1115": 2, "1250": 4, "1340": 2, "2455": 30, "2460": 7, "2475": 2, "3340": 0}

# Whoever posts holds the row of the branch in share mode (as the foreign key does anyway) until the commit, and the
# close takes the same row for update: no line falls between the two.
CHECK_DAY = """
CREATE FUNCTION check_day_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.checker_id IS NOT NULL THEN RETURN NEW; END IF;
    PERFORM 1 FROM branches WHERE id = NEW.branch_id FOR KEY SHARE;
    IF EXISTS (SELECT FROM ledger_day_closes WHERE branch_id = NEW.branch_id AND day >= NEW.business_date) THEN
        RAISE EXCEPTION 'the day % is closed', NEW.business_date
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'journals_day_open', TABLE = 'journals';
    END IF;
    RETURN NEW;
END $$
"""

CARRY_LATE_LINES = """
CREATE FUNCTION carry_late_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM branches WHERE id IN (SELECT branch_id FROM added) ORDER BY id FOR KEY SHARE;
    INSERT INTO gl_day_totals AS held (gl_account_id, branch_id, business_date, currency, debit_minor, credit_minor)
        SELECT line.gl_account_id, line.branch_id, line.business_date, line.currency,
               sum(line.debit_minor), sum(line.credit_minor)
        FROM added AS line
        WHERE line.business_date <= (SELECT max(day) FROM ledger_day_closes WHERE branch_id = line.branch_id)
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT (gl_account_id, branch_id, business_date, currency) DO UPDATE SET
            debit_minor = held.debit_minor + excluded.debit_minor,
            credit_minor = held.credit_minor + excluded.credit_minor;
    RETURN NULL;
END $$
"""


def _closes() -> None:
    op.create_table(
        "ledger_day_closes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_ledger_day_closes_branch_id_branches"),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name="fk_ledger_day_closes_closed_by_users"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_day_closes"),
        sa.UniqueConstraint("branch_id", "day", name="uq_ledger_day_closes_branch_id_day"),
    )


def _totals() -> None:
    op.create_table(
        "gl_day_totals",
        sa.Column("gl_account_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("debit_minor", sa.BigInteger(), nullable=False),
        sa.Column("credit_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gl_account_id"], ["gl_accounts.id"], name="fk_gl_day_totals_gl_account_id_gl_accounts"
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_gl_day_totals_branch_id_branches"),
        sa.PrimaryKeyConstraint("gl_account_id", "branch_id", "business_date", "currency", name="pk_gl_day_totals"),
    )


def upgrade() -> None:
    _closes()
    _totals()
    op.create_index("ix_journal_lines_day", "journal_lines", ["branch_id", "business_date"])
    op.execute(CHECK_DAY)
    op.execute(CARRY_LATE_LINES)
    op.execute(
        "CREATE TRIGGER journals_day_open BEFORE INSERT ON journals FOR EACH ROW EXECUTE FUNCTION check_day_open()"
    )
    op.execute(
        "CREATE TRIGGER journal_lines_carry_late AFTER INSERT ON journal_lines REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION carry_late_lines()"
    )
    op.add_column("gl_accounts", sa.Column("clearing_days", sa.SmallInteger()))
    for code, days in CLEARING_DAYS.items():
        op.execute(sa.text("UPDATE gl_accounts SET clearing_days = :days WHERE code = :code").bindparams(days=days, code=code))


def downgrade() -> None:
    op.drop_column("gl_accounts", "clearing_days")
    op.execute("DROP TRIGGER journal_lines_carry_late ON journal_lines")
    op.execute("DROP TRIGGER journals_day_open ON journals")
    op.execute("DROP FUNCTION carry_late_lines()")
    op.execute("DROP FUNCTION check_day_open()")
    op.drop_index("ix_journal_lines_day", "journal_lines")
    op.drop_table("gl_day_totals")
    op.drop_table("ledger_day_closes")
