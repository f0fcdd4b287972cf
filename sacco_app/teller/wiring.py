"""What the teller room offers to others: kinds of approval, reversal of cash, sub-ledgers for the proof of the book."""

from __future__ import annotations

from sacco_app.approvals.registry import register_kind
from sacco_app.approvals.types import CommandKind
from sacco_app.kernel.dberrors import register_constraint
from sacco_app.ledger.ports import SubledgerSource, register_subledger
from sacco_app.teller import queries, service
from sacco_app.teller.errors import TillBusy
from sacco_app.teller.service.cash import WITHDRAW
from sacco_app.teller.service.day import CLOSE
from sacco_app.teller.types import CashWithdrawal, CloseTill, TellerPermission
from sacco_app.transactions.service import register_reverser
from sacco_app.transactions.types import TransactionKind

WITHDRAWAL = CommandKind(
    name=WITHDRAW,
    title="Cash withdrawal above the limit",
    command=CashWithdrawal,
    permission=TellerPermission.CASH_APPROVE,
    describe=service.describe_withdrawal,
    execute=service.pay_approved,
    submitted=service.withdrawal_submitted,
    released=service.release_withdrawal,
    executed_by_maker=True,
)
DIFFERENCE = CommandKind(
    name=CLOSE,
    title="Till closed with a difference",
    command=CloseTill,
    permission=TellerPermission.DIFFERENCE_APPROVE,
    describe=service.describe_difference,
    execute=service.execute_close,
    refused=service.reopen_after_refusal,
)


def wire() -> None:
    """Register everything; called when the application is built."""
    register_kind(WITHDRAWAL)
    register_kind(DIFFERENCE)
    register_reverser(TransactionKind.DEPOSIT, service.reverse_cash)
    register_reverser(TransactionKind.WITHDRAWAL, service.reverse_cash)
    register_subledger(SubledgerSource("till", "Tills", queries.till_balances))
    register_subledger(SubledgerSource("vault", "Vaults", queries.vault_balances))
    register_constraint("uq_till_sessions_live_till", TillBusy)
    register_constraint("uq_till_sessions_live_teller", TillBusy)
