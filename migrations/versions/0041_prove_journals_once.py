"""A journal is proven once, at its commit, instead of once more for each of its lines.

What a journal's own check has proven can only be spoilt by one more line. Its lines are numbered from one to its
`line_count`, each number once: so a line that is added later has a number that is taken (unique) or that the journal does
not have, which is refused at the end of the statement.
"""

from __future__ import annotations

from alembic import context, op

revision = "0041_prove_journals_once"
down_revision = "0040_know_whose_money_leaves"
branch_labels = None
depends_on = None

PROVE_JOURNAL = """
CREATE OR REPLACE FUNCTION check_journal_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    SELECT coalesce(sum(branch.lines), 0) AS lines, coalesce(sum(branch.debit), 0) AS total,
           coalesce(bool_or(branch.debit <> branch.credit OR branch.strange), false) AS crooked
        INTO found
        FROM (
            SELECT count(*) AS lines, sum(debit_minor) AS debit, sum(credit_minor) AS credit,
                   bool_or(business_date <> NEW.business_date OR value_date <> NEW.value_date
                       OR currency <> NEW.currency) AS strange
            FROM journal_lines WHERE journal_id = NEW.id GROUP BY branch_id
        ) AS branch;
    IF found.crooked OR found.lines <> NEW.line_count OR found.total <> NEW.total_minor THEN
        RAISE EXCEPTION 'journal % does not balance', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balanced', TABLE = 'journals';
    END IF;
    RETURN NULL;
END $$
"""

CHECK_NUMBERS = """
CREATE FUNCTION check_line_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added AS line JOIN journals AS journal ON journal.id = line.journal_id
               WHERE line.line_no NOT BETWEEN 1 AND journal.line_count) THEN
        RAISE EXCEPTION 'a journal does not have that many lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balanced', TABLE = 'journal_lines';
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.execute("DROP TRIGGER journal_balanced ON journal_lines")
    op.execute(PROVE_JOURNAL)
    op.execute(CHECK_NUMBERS)
    op.execute(
        "CREATE TRIGGER journal_lines_numbered AFTER INSERT ON journal_lines REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION check_line_numbers()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER journal_lines_numbered ON journal_lines")
    op.execute("DROP FUNCTION check_line_numbers()")
    first = context.script.get_revision("0005_create_ledger").module
    op.execute(first.CHECK_BALANCE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    op.execute(
        "CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON journal_lines DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION check_journal_balanced()"
    )
