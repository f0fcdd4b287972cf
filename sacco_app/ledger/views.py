"""The ledger room in the application: its pages, constraints, kinds of approval and commands."""

from __future__ import annotations

from flask import Flask

from sacco_app.kernel.dberrors import register_constraint
from sacco_app.ledger import (
    days,
    documents,
    errors,
    manual,
    profiles,
    proofs,
    views_chart,
    views_day_book,
    views_documents,
    views_journals,
    views_reports,
    views_statements,
)
from sacco_app.ledger.blueprint import blueprint
from sacco_app.ledger.cli import ledger_commands
from sacco_app.organisation.ports import register_check, register_keeper
from sacco_app.webkit.navigation import NavItem, add_navigation

__all__ = [
    "blueprint",
    "register",
    "views_chart",
    "views_day_book",
    "views_documents",
    "views_journals",
    "views_reports",
    "views_statements",
]

CONSTRAINTS = {
    "journal_balanced": errors.JournalUnbalanced,
    "journals_append_only": errors.AppendOnly,
    "journal_lines_append_only": errors.AppendOnly,
    "journals_period_open": errors.PeriodClosed,
    "journals_day_open": errors.DayClosed,
    "uq_journals_event_code_source_ref": errors.AlreadyPosted,
    "uq_journals_reverses_id": errors.AlreadyReversed,
    "uq_gl_accounts_code": errors.AccountCodeTaken,
}


def register(app: Flask) -> None:
    """Add the room to the application."""
    for name, error in CONSTRAINTS.items():
        register_constraint(name, error)
    manual.register_kinds()
    profiles.register()
    documents.register()
    register_keeper(days.Keeper())
    register_check("book", proofs.adds_up, 30)
    app.register_blueprint(blueprint)
    app.cli.add_command(ledger_commands)
    add_navigation(
        app,
        NavItem("Accounting", "Journals", "ledger.list_journals", "book", 10),
        NavItem("Accounting", "Day book", "ledger.day_book", "book-2", 20),
        NavItem("Accounting", "Trial balance", "ledger.trial_balance", "scale", 30),
        NavItem("Accounting", "Balance sheet", "ledger.balance_sheet", "report-money", 32),
        NavItem("Accounting", "Income statement", "ledger.income_statement", "report", 34),
        NavItem("Accounting", "Chart of accounts", "ledger.list_accounts", "list-details", 40),
        NavItem("Accounting", "Posting profiles", "ledger.list_profiles", "adjustments", 50),
        NavItem("Accounting", "Periods", "ledger.list_periods", "calendar", 60),
    )
