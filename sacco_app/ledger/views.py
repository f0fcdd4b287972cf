"""Pages of the ledger room."""

from __future__ import annotations

from flask import Blueprint, Flask

from sacco_app.kernel.dberrors import register_constraint
from sacco_app.ledger import errors, models  # noqa: F401 - the tables must be known to the metadata

blueprint = Blueprint("ledger", __name__)

CONSTRAINTS = {
    "journal_balanced": errors.JournalUnbalanced,
    "journals_append_only": errors.AppendOnly,
    "journal_lines_append_only": errors.AppendOnly,
    "journals_period_open": errors.PeriodClosed,
    "uq_journals_event_code_source_ref": errors.AlreadyPosted,
    "uq_journals_reverses_id": errors.AlreadyReversed,
}


def register(app: Flask) -> None:
    """Add the room to the application."""
    for name, error in CONSTRAINTS.items():
        register_constraint(name, error)
    app.register_blueprint(blueprint)
