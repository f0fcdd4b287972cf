"""Changes of the teller room: the day of a till, cash in and out, the vault."""

from sacco_app.teller.service.cash import (
    deposit,
    describe_withdrawal,
    pay_approved,
    release_withdrawal,
    reverse_cash,
    withdraw,
    withdrawal_submitted,
)
from sacco_app.teller.service.day import (
    accept_float,
    close_till,
    decline_float,
    describe_difference,
    execute_close,
    fund_vault,
    issue_float,
    reopen_after_refusal,
    save_till,
)

__all__ = [
    "accept_float",
    "close_till",
    "decline_float",
    "deposit",
    "describe_difference",
    "describe_withdrawal",
    "execute_close",
    "fund_vault",
    "issue_float",
    "pay_approved",
    "release_withdrawal",
    "reopen_after_refusal",
    "reverse_cash",
    "save_till",
    "withdraw",
    "withdrawal_submitted",
]
