"""Lines of an open day pass the trigger that carries late lines after one look, instead of through an empty INSERT."""

from __future__ import annotations

from alembic import op

revision = "0035_speed_late_lines"
down_revision = "0034_take_tills_over"
branch_labels = None
depends_on = None

LOOK_FIRST = """
    PERFORM 1 FROM ledger_day_closes AS closed JOIN added AS line
        ON closed.branch_id = line.branch_id AND closed.day >= line.business_date LIMIT 1;
    IF NOT FOUND THEN RETURN NULL; END IF;
"""

CARRY_LATE_LINES = """
CREATE OR REPLACE FUNCTION carry_late_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM branches WHERE id IN (SELECT branch_id FROM added) ORDER BY id FOR KEY SHARE;{look_first}
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


def upgrade() -> None:
    op.execute(CARRY_LATE_LINES.format(look_first=LOOK_FIRST))


def downgrade() -> None:
    op.execute(CARRY_LATE_LINES.format(look_first=""))
