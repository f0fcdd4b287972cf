"""A journal is proven once, at its commit, instead of once more for each of its lines.

What a journal's own check has proven can only be spoilt by one more line. Its lines are numbered from one to its
`line_count`, each number once: so a line that is added later has a number that is taken (unique) or that the journal does
not have, which is refused at the end of the statement. The branch needs no lock of its own there: the lines' foreign keys
have locked it by then.
"""

from __future__ import annotations

from alembic import op

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

PROVE_EACH_TIME = """
CREATE OR REPLACE FUNCTION check_journal_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
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

OWN_NUMBERS = """
    IF EXISTS (SELECT FROM added AS line JOIN journals AS journal ON journal.id = line.journal_id
               WHERE line.line_no NOT BETWEEN 1 AND journal.line_count) THEN
        RAISE EXCEPTION 'a journal does not have that many lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balanced', TABLE = 'journal_lines';
    END IF;"""

LOCK_BRANCHES = """
    PERFORM 1 FROM branches WHERE id IN (SELECT branch_id FROM added) ORDER BY id FOR KEY SHARE;"""

LINES_ADDED = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{first}
    PERFORM 1 FROM ledger_day_closes AS closed JOIN added AS line
        ON closed.branch_id = line.branch_id AND closed.day >= line.business_date LIMIT 1;
    IF NOT FOUND THEN RETURN NULL; END IF;

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

TRIGGER = (
    "CREATE TRIGGER {name} AFTER INSERT ON journal_lines REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
)


def upgrade() -> None:
    op.execute("DROP TRIGGER journal_balanced ON journal_lines")
    op.execute("DROP TRIGGER journal_lines_carry_late ON journal_lines")
    op.execute("DROP FUNCTION carry_late_lines()")
    op.execute(PROVE_JOURNAL)
    op.execute(LINES_ADDED.format(name="receive_lines", first=OWN_NUMBERS))
    op.execute(TRIGGER.format(name="journal_lines_received", function="receive_lines"))


def downgrade() -> None:
    op.execute("DROP TRIGGER journal_lines_received ON journal_lines")
    op.execute("DROP FUNCTION receive_lines()")
    op.execute(PROVE_EACH_TIME)
    op.execute(LINES_ADDED.format(name="carry_late_lines", first=LOCK_BRANCHES))
    op.execute(TRIGGER.format(name="journal_lines_carry_late", function="carry_late_lines"))
    op.execute(
        "CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON journal_lines DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION check_journal_balanced()"
    )
