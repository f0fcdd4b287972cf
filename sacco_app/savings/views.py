"""The savings room in the application: its pages, kinds of approval, reverser, proofs and documents."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from sacco_app.approvals.registry import register_kind
from sacco_app.approvals.types import CommandKind
from sacco_app.kernel.dberrors import register_constraint
from sacco_app.ledger.ports import SubledgerSource, register_subledger
from sacco_app.savings import (
    documents,
    membership,
    queries,
    service,
    views_accounts,
    views_estates,
    views_holds,
    views_list,
    views_products,
    views_transfers,
)
from sacco_app.savings import jobs as _jobs  # noqa: F401 - declares the subscribers
from sacco_app.savings.blueprint import blueprint
from sacco_app.savings.errors import InsufficientFunds
from sacco_app.savings.service import asked_transfers, estates, holds, lifecycle, products, transfers
from sacco_app.savings.types import (
    SUBLEDGER,
    AskedPayout,
    AskedTransfer,
    CloseAccount,
    ReactivateAccount,
    ReleaseHold,
    SaveProduct,
)
from sacco_app.savings.types import SavingsPermission as P
from sacco_app.savings.views_statements import blueprint as statements
from sacco_app.transactions.ports import register_products
from sacco_app.transactions.service import register_owner, register_reverser
from sacco_app.transactions.types import TransactionKind
from sacco_app.webkit.navigation import NavItem, add_navigation

__all__ = [
    "blueprint",
    "register",
    "views_accounts",
    "views_estates",
    "views_holds",
    "views_list",
    "views_products",
    "views_transfers",
]

TRANSFER = CommandKind(
    name=transfers.TRANSFER,
    title="Transfer above the limit",
    command=AskedTransfer,
    permission=P.TRANSFER_APPROVE,
    describe=asked_transfers.describe,
    execute=asked_transfers.execute,
    submitted=asked_transfers.submitted,
    released=asked_transfers.released,
    by_policy=True,
)
CLOSING = CommandKind(
    name=lifecycle.CLOSE,
    title="Closing of an account with money",
    command=CloseAccount,
    permission=P.ACCOUNT_APPROVE,
    describe=lifecycle.describe_closing,
    execute=lifecycle.execute_closing,
)
PAYOUT = CommandKind(
    name=estates.PAY,
    title="Payout of an estate to an account",
    command=AskedPayout,
    permission=P.ACCOUNT_APPROVE,
    describe=estates.describe_payout,
    execute=estates.execute_payout,
    life=timedelta(days=7),
)
REACTIVATION = CommandKind(
    name=lifecycle.REACTIVATE,
    title="Reactivation of a dormant account",
    command=ReactivateAccount,
    permission=P.ACCOUNT_APPROVE,
    describe=lifecycle.describe_reactivation,
    execute=lifecycle.execute_reactivation,
)
RELEASE = CommandKind(
    name=holds.RELEASE,
    title="Release of a hold",
    command=ReleaseHold,
    permission=P.HOLD_PLACE,
    describe=holds.describe_release,
    execute=holds.execute_release,
)
PRODUCT = CommandKind(
    name=products.SAVE_PRODUCT,
    title="Change of a savings product",
    command=SaveProduct,
    permission=P.PRODUCT_APPROVE,
    describe=products.describe_product,
    execute=products.execute_product,
)


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    app.register_blueprint(statements)
    documents.register()
    for kind in (TRANSFER, CLOSING, PAYOUT, REACTIVATION, RELEASE, PRODUCT):
        register_kind(kind)
    register_subledger(SubledgerSource(SUBLEDGER, "Savings accounts", queries.subledger_balances))
    register_products("savings", queries.product_choices)
    register_owner(queries.owner_of)
    register_reverser(TransactionKind.TRANSFER, service.reverse_transfer)
    register_reverser(TransactionKind.ESTATE_TRANSFER, service.reverse_payout)
    membership.register()
    nothing = {"available": "nothing", "ledger": "the balance", "held": "what is", "minimum": "the"}
    register_constraint("ck_savings_accounts_ledger_balance_not_negative", lambda: InsufficientFunds(**nothing))
    add_navigation(
        app,
        NavItem("Members", "Savings accounts", "savings.list_accounts", "wallet", 22),
        NavItem("Products", "Savings products", "savings.list_products", "pig-money", 30),
        NavItem("Control", "Statements", "statements.new_statement_run", "files", 46),
    )
