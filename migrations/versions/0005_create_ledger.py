"""Tables of the ledger, and the triggers by which the database itself keeps the book right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_create_ledger"
down_revision = "0004_create_approvals"
branch_labels = None
depends_on = None

CHECK_BALANCE = """
CREATE FUNCTION check_journal_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_id uuid;
    journal record;
    found_lines bigint;
    found_total numeric;
    strangers bigint;
    crooked bigint;
BEGIN
    IF TG_TABLE_NAME = 'journals' THEN the_id := NEW.id; ELSE the_id := NEW.journal_id; END IF;
    SELECT business_date, value_date, currency, line_count, total_minor INTO journal
        FROM journals WHERE id = the_id;
    SELECT coalesce(sum(branch.lines), 0), coalesce(sum(branch.debit), 0), coalesce(sum(branch.strange), 0),
           count(*) FILTER (WHERE branch.debit <> branch.credit)
        INTO found_lines, found_total, strangers, crooked
        FROM (
            SELECT count(*) AS lines, sum(debit_minor) AS debit, sum(credit_minor) AS credit,
                   count(*) FILTER (WHERE business_date <> journal.business_date
                       OR value_date <> journal.value_date OR currency <> journal.currency) AS strange
            FROM journal_lines WHERE journal_id = the_id GROUP BY branch_id
        ) AS branch;
    IF crooked > 0 OR strangers > 0 OR found_lines <> journal.line_count OR found_total <> journal.total_minor THEN
        RAISE EXCEPTION 'journal % does not balance', the_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balanced', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$
"""

CHECK_PERIOD = """
CREATE FUNCTION check_period_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    state text;
BEGIN
    SELECT status INTO state FROM ledger_periods
        WHERE month = date_trunc('month', NEW.business_date)::date FOR SHARE;
    IF state IS NULL OR state = 'closed' THEN
        RAISE EXCEPTION 'the period of % takes no journals', NEW.business_date
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'journals_period_open', TABLE = 'journals';
    END IF;
    RETURN NEW;
END $$
"""


def _chart() -> None:
    op.create_table(
        "gl_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("class", sa.String(1), nullable=False),
        sa.Column("normal_side", sa.String(1), nullable=False),
        sa.Column("is_control", sa.Boolean(), nullable=False),
        sa.Column("pearls", sa.String(20), nullable=False),
        sa.Column("kef", sa.String(10), nullable=False),
        sa.Column("liquidity", sa.String(10), nullable=False),
        sa.Column("cash_flow", sa.String(1), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("class IN ('A', 'L', 'E', 'I', 'X', 'M')", name=op.f("ck_gl_accounts_class")),
        sa.CheckConstraint("normal_side IN ('D', 'C')", name=op.f("ck_gl_accounts_normal_side")),
        sa.PrimaryKeyConstraint("id", name="pk_gl_accounts"),
        sa.UniqueConstraint("code", name="uq_gl_accounts_code"),
    )
    op.create_table(
        "posting_profiles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_code", sa.String(20), nullable=False),
        sa.Column("product_code", sa.String(20)),
        sa.Column("leg", sa.String(40), nullable=False),
        sa.Column("gl_account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gl_account_id"], ["gl_accounts.id"], name="fk_posting_profiles_gl_account_id_gl_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_posting_profiles"),
        sa.UniqueConstraint(
            "event_code",
            "product_code",
            "leg",
            name="uq_posting_profiles_event_code_product_code_leg",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "ledger_periods",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.CheckConstraint("status IN ('open', 'soft_closed', 'closed')", name=op.f("ck_ledger_periods_status")),
        sa.CheckConstraint("EXTRACT(DAY FROM month) = 1", name=op.f("ck_ledger_periods_first_day")),
        sa.PrimaryKeyConstraint("month", name="pk_ledger_periods"),
    )


def _journals() -> None:
    op.create_table(
        "journals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("event_code", sa.String(20), nullable=False),
        sa.Column("source_ref", sa.String(120), nullable=False),
        sa.Column("narration", sa.String(240), nullable=False),
        sa.Column("maker_id", sa.Uuid(), nullable=False),
        sa.Column("checker_id", sa.Uuid()),
        sa.Column("reverses_id", sa.Uuid()),
        sa.Column("transaction_id", sa.Uuid()),
        sa.Column("reason", sa.String(500)),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("line_count", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("line_count >= 2", name=op.f("ck_journals_line_count")),
        sa.CheckConstraint("total_minor > 0", name=op.f("ck_journals_total")),
        sa.CheckConstraint("checker_id IS NULL OR checker_id <> maker_id", name=op.f("ck_journals_two_people")),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_journals_branch_id_branches"),
        sa.ForeignKeyConstraint(["maker_id"], ["users.id"], name="fk_journals_maker_id_users"),
        sa.ForeignKeyConstraint(["checker_id"], ["users.id"], name="fk_journals_checker_id_users"),
        sa.ForeignKeyConstraint(["reverses_id"], ["journals.id"], name="fk_journals_reverses_id_journals"),
        sa.PrimaryKeyConstraint("id", name="pk_journals"),
        sa.UniqueConstraint("number", name="uq_journals_number"),
        sa.UniqueConstraint("event_code", "source_ref", name="uq_journals_event_code_source_ref"),
        sa.UniqueConstraint("reverses_id", name="uq_journals_reverses_id"),
    )
    op.create_index("ix_journals_business_date", "journals", ["business_date", "branch_id"])
    op.create_index(
        "ix_journals_transaction_id",
        "journals",
        ["transaction_id"],
        postgresql_where=sa.text("transaction_id IS NOT NULL"),
    )


def _lines() -> None:
    op.create_table(
        "journal_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("journal_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), nullable=False),
        sa.Column("gl_account_id", sa.Uuid(), nullable=False),
        sa.Column("branch_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("debit_minor", sa.BigInteger(), nullable=False),
        sa.Column("credit_minor", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.Uuid()),
        sa.Column("subledger_kind", sa.String(30)),
        sa.Column("subledger_id", sa.Uuid()),
        sa.CheckConstraint("debit_minor >= 0 AND credit_minor >= 0", name=op.f("ck_journal_lines_sign")),
        sa.CheckConstraint("(debit_minor > 0) <> (credit_minor > 0)", name=op.f("ck_journal_lines_one_side")),
        sa.CheckConstraint(
            "(subledger_kind IS NULL) = (subledger_id IS NULL)", name=op.f("ck_journal_lines_subledger")
        ),
        sa.ForeignKeyConstraint(["journal_id"], ["journals.id"], name="fk_journal_lines_journal_id_journals"),
        sa.ForeignKeyConstraint(
            ["gl_account_id"], ["gl_accounts.id"], name="fk_journal_lines_gl_account_id_gl_accounts"
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name="fk_journal_lines_branch_id_branches"),
        sa.PrimaryKeyConstraint("id", name="pk_journal_lines"),
        sa.UniqueConstraint("journal_id", "line_no", name="uq_journal_lines_journal_id_line_no"),
    )
    op.create_index("ix_journal_lines_account", "journal_lines", ["gl_account_id", "business_date"])
    op.create_index(
        "ix_journal_lines_subledger",
        "journal_lines",
        ["subledger_id", "business_date"],
        postgresql_where=sa.text("subledger_id IS NOT NULL"),
    )


def upgrade() -> None:
    _chart()
    _journals()
    _lines()
    op.execute(CHECK_BALANCE)
    op.execute(CHECK_PERIOD)
    op.execute(
        "CREATE TRIGGER journals_period_open BEFORE INSERT ON journals "
        "FOR EACH ROW EXECUTE FUNCTION check_period_open()"
    )
    for table in ("journals", "journal_lines"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_journal_balanced()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in ("journal_lines", "journals", "ledger_periods", "posting_profiles", "gl_accounts"):
        op.drop_table(table)
    op.execute("DROP FUNCTION check_journal_balanced()")
    op.execute("DROP FUNCTION check_period_open()")
