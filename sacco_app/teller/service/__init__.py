"""Changes of the teller room: the day of a till, cash in and out, the vault."""

from sacco_app.teller.service.cash import (
    deposit,
    describe_withdrawal,
    pay_approved,
    release_withdrawal,
    withdraw,
    withdrawal_submitted,
)
from sacco_app.teller.service.closing import (
    close_till,
    describe_difference,
    execute_close,
    reopen_after_refusal,
)
from sacco_app.teller.service.counting import count_vault, describe_count, refuse_count, sign_count
from sacco_app.teller.service.estates import ask_heir_cash, pay_heir
from sacco_app.teller.service.floats import accept_float, decline_float, issue_float
from sacco_app.teller.service.moves import offer_cash, refuse_cash, take_cash, withdraw_cash
from sacco_app.teller.service.receiving import check_own_count, receive_till
from sacco_app.teller.service.reversing import check_tills, reverse_cash, reverse_move, reverse_vault
from sacco_app.teller.service.surprise import count_till, describe_till_count, sign_till_count
from sacco_app.teller.service.tills import freeze_till, release_till, resume_till, save_till, suspend_till
from sacco_app.teller.service.vault import (
    ask_bank_cash,
    ask_fund_vault,
    describe_bank_cash,
    describe_fund_vault,
    enter_slip,
    execute_bank_cash,
    execute_fund_vault,
)

__all__ = [
    "accept_float",
    "ask_bank_cash",
    "ask_fund_vault",
    "ask_heir_cash",
    "check_own_count",
    "check_tills",
    "close_till",
    "count_till",
    "count_vault",
    "decline_float",
    "deposit",
    "describe_bank_cash",
    "describe_count",
    "describe_difference",
    "describe_fund_vault",
    "describe_till_count",
    "describe_withdrawal",
    "enter_slip",
    "execute_bank_cash",
    "execute_close",
    "execute_fund_vault",
    "freeze_till",
    "issue_float",
    "offer_cash",
    "pay_approved",
    "pay_heir",
    "receive_till",
    "refuse_cash",
    "refuse_count",
    "release_till",
    "release_withdrawal",
    "reopen_after_refusal",
    "resume_till",
    "reverse_cash",
    "reverse_move",
    "reverse_vault",
    "save_till",
    "sign_count",
    "sign_till_count",
    "suspend_till",
    "take_cash",
    "withdraw",
    "withdraw_cash",
    "withdrawal_submitted",
]
