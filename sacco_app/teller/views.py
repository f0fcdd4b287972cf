"""The teller room in the application: its pages, kinds of approval, reversers and proofs."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from sacco_app.approvals.registry import register_kind
from sacco_app.approvals.types import CommandKind
from sacco_app.kernel.dberrors import register_constraint
from sacco_app.ledger.ports import SubledgerSource, register_subledger
from sacco_app.organisation.ports import register_check
from sacco_app.savings.service.estates import PAY_CASH, describe_payout
from sacco_app.savings.types import AskedPayout
from sacco_app.teller import (
    errors,
    queries,
    service,
    views_banking,
    views_counter,
    views_counts,
    views_declarations,
    views_estates,
    views_moves,
    views_receiving,
    views_sessions,
    views_till,
    views_tills,
    views_vault,
)
from sacco_app.teller.blueprint import blueprint
from sacco_app.teller.service.cash import WITHDRAW
from sacco_app.teller.service.closing import CLOSE
from sacco_app.teller.service.counting import COUNT
from sacco_app.teller.service.posting import TILL, VAULT
from sacco_app.teller.service.surprise import COUNT_TILL
from sacco_app.teller.service.vault import BANK, FUND
from sacco_app.teller.types import BankCash, CashWithdrawal, CloseTill, FundVault, SignCount
from sacco_app.teller.types import TellerPermission as P
from sacco_app.transactions.ports import register_details
from sacco_app.transactions.service import register_reverser
from sacco_app.transactions.types import TransactionKind
from sacco_app.webkit.navigation import NavItem, add_navigation

__all__ = [
    "blueprint",
    "register",
    "views_banking",
    "views_counter",
    "views_counts",
    "views_declarations",
    "views_estates",
    "views_moves",
    "views_receiving",
    "views_sessions",
    "views_till",
    "views_tills",
    "views_vault",
]

WITHDRAWAL = CommandKind(
    name=WITHDRAW,
    title="Cash withdrawal above the limit",
    command=CashWithdrawal,
    permission=P.CASH_APPROVE,
    describe=service.describe_withdrawal,
    execute=service.pay_approved,
    submitted=service.withdrawal_submitted,
    released=service.release_withdrawal,
    executed_by_maker=True,
    by_policy=True,
)
HEIR = CommandKind(
    name=PAY_CASH,
    title="Payout of an estate in cash",
    command=AskedPayout,
    permission=P.CASH_APPROVE,
    describe=describe_payout,
    execute=service.pay_heir,
    executed_by_maker=True,
    life=timedelta(days=7),
)
DIFFERENCE = CommandKind(
    name=CLOSE,
    title="Till handed in, to be taken over",
    command=CloseTill,
    permission=P.VAULT_APPROVE,
    describe=service.describe_difference,
    execute=service.execute_close,
    refused=service.reopen_after_refusal,
    agreeing=service.check_own_count,
    life=None,
    blind=True,
)
FUNDING = CommandKind(
    name=FUND,
    title="Cash from the bank",
    command=FundVault,
    permission=P.VAULT_APPROVE,
    describe=service.describe_fund_vault,
    execute=service.execute_fund_vault,
)
BANKING = CommandKind(
    name=BANK,
    title="Cash to the bank",
    command=BankCash,
    permission=P.VAULT_APPROVE,
    describe=service.describe_bank_cash,
    execute=service.execute_bank_cash,
)
COUNTING = CommandKind(
    name=COUNT,
    title="Count of the vault",
    command=SignCount,
    permission=P.VAULT_APPROVE,
    describe=service.describe_count,
    execute=service.sign_count,
    refused=service.refuse_count,
)
SURPRISE = CommandKind(
    name=COUNT_TILL,
    title="Difference of a surprise count",
    command=SignCount,
    permission=P.DIFFERENCE_APPROVE,
    describe=service.describe_till_count,
    execute=service.sign_till_count,
    refused=service.refuse_count,
    life=None,
)
OF_TILLS = (TransactionKind.FLOAT_ISSUE, TransactionKind.FLOAT_RETURN, TransactionKind.TILL_TRANSFER)
OF_VAULTS = (
    TransactionKind.VAULT_FUNDING,
    TransactionKind.VAULT_BANKING,
    TransactionKind.VAULT_BANKED,
    TransactionKind.VAULT_SHORT,
    TransactionKind.VAULT_OVER,
)


def register(app: Flask) -> None:
    """Add the room to the application."""
    app.register_blueprint(blueprint)
    for kind in (WITHDRAWAL, HEIR, DIFFERENCE, FUNDING, BANKING, COUNTING, SURPRISE):
        register_kind(kind)
    _register_reversers()
    register_subledger(SubledgerSource(TILL, "Tills", queries.till_balances))
    register_subledger(SubledgerSource(VAULT, "Vaults", queries.vault_balances))
    register_details("teller", queries.declared)
    register_check("tills", queries.tills_closed, 10)
    register_check("vault", queries.vault_counted, 15)
    register_constraint("uq_till_sessions_live_till", errors.TillBusy)
    register_constraint("uq_till_sessions_live_teller", errors.TillBusy)
    register_constraint("uq_cash_counts_waiting", errors.CountWaits)
    register_constraint("uq_cash_counts_till_waiting", errors.CountWaits)
    register_constraint("uq_cash_counts_request_id_counted_by", errors.CountedBefore)
    register_constraint("uq_tills_code", errors.TillCodeTaken)
    add_navigation(
        app,
        NavItem("Counter", "Counter", "teller.console", "cash-register", 5),
        NavItem("Counter", "Tills", "teller.till_list", "cash", 10),
        NavItem("Counter", "Vault", "teller.vault_page", "building-bank", 12),
        NavItem("Control", "Cash declarations", "teller.list_declarations", "message-2", 66),
    )


def _register_reversers() -> None:
    for kind in (TransactionKind.DEPOSIT, TransactionKind.WITHDRAWAL, TransactionKind.ESTATE_CASH):
        register_reverser(kind, service.reverse_cash, service.check_tills)
    for kind in OF_TILLS:
        register_reverser(kind, service.reverse_move, service.check_tills)
    for kind in OF_VAULTS:
        register_reverser(kind, service.reverse_vault)
