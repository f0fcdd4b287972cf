"""The transactions room in the application: its pages and kinds of approval."""

from __future__ import annotations

from flask import Flask

from sacco_app.approvals.registry import register_kind
from sacco_app.approvals.types import CommandKind
from sacco_app.kernel.dberrors import register_constraint
from sacco_app.ledger.ports import register_proof
from sacco_app.transactions import documents, service
from sacco_app.transactions import jobs as _jobs  # noqa: F401 - declares the subscribers
from sacco_app.transactions.blueprint import blueprint
from sacco_app.transactions.errors import AlreadyReversed, TermSetMeanwhile
from sacco_app.transactions.models import FEE_KEY, LIMIT_KEY
from sacco_app.transactions.proofs import RECEIPTS
from sacco_app.transactions.service import tariff
from sacco_app.transactions.types import EndTerm, RequestReversal, SetFee, SetLimit
from sacco_app.transactions.types import TransactionsPermission as P
from sacco_app.transactions.views import fees, limits, pages, receipts
from sacco_app.webkit.navigation import NavItem, add_navigation

__all__ = ["blueprint", "fees", "limits", "pages", "receipts", "register"]

REVERSAL = CommandKind(
    name=service.REVERSE,
    title="Reversal of a transaction",
    command=RequestReversal,
    permission=P.REVERSAL_APPROVE,
    describe=service.describe_reversal,
    execute=service.execute_reversal,
)
FEE = CommandKind(
    name=tariff.SET_FEE,
    title="New or changed fee",
    command=SetFee,
    permission=P.TARIFF_APPROVE,
    describe=tariff.describe_fee,
    execute=tariff.execute_fee,
    life=tariff.LIFE,
)
FEE_END = CommandKind(
    name=tariff.END_FEE,
    title="End of a fee",
    command=EndTerm,
    permission=P.TARIFF_APPROVE,
    describe=tariff.describe_fee_end,
    execute=tariff.execute_fee_end,
    life=tariff.LIFE,
)
LIMIT = CommandKind(
    name=tariff.SET_LIMIT,
    title="New or changed limit",
    command=SetLimit,
    permission=P.TARIFF_APPROVE,
    describe=tariff.describe_limit,
    execute=tariff.execute_limit,
    life=tariff.LIFE,
)
LIMIT_END = CommandKind(
    name=tariff.END_LIMIT,
    title="End of a limit",
    command=EndTerm,
    permission=P.TARIFF_APPROVE,
    describe=tariff.describe_limit_end,
    execute=tariff.execute_limit_end,
    life=tariff.LIFE,
)


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    documents.register()
    register_proof(RECEIPTS)
    for kind in (REVERSAL, FEE, FEE_END, LIMIT, LIMIT_END):
        register_kind(kind)
    register_constraint("uq_transactions_reverses_id", AlreadyReversed)
    register_constraint(FEE_KEY, TermSetMeanwhile)
    register_constraint(LIMIT_KEY, TermSetMeanwhile)
    add_navigation(
        app,
        NavItem("Counter", "Transactions", "transactions.list_transactions", "receipt", 15),
        NavItem("Products", "Fees", "transactions.list_fees", "percentage", 40),
        NavItem("Control", "Limits", "transactions.list_limits", "scale", 70),
    )
