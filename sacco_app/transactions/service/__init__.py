"""Changes of the transactions room: recording, limits, reversal, and what things cost."""

from sacco_app.transactions.service.limits import (
    check_limits,
    checkers_foreseen,
    checkers_needed,
    paid_before,
    require_agreed,
)
from sacco_app.transactions.service.mirroring import write_reversal
from sacco_app.transactions.service.recording import charge_legs, print_receipt, record
from sacco_app.transactions.service.reversing import (
    REVERSE,
    check_guard,
    check_reversible,
    describe_reversal,
    execute_reversal,
    has_reverser,
    register_owner,
    register_reverser,
)
from sacco_app.transactions.service.tariff import ask_fee, ask_fee_end, ask_limit, ask_limit_end

__all__ = [
    "REVERSE",
    "ask_fee",
    "ask_fee_end",
    "ask_limit",
    "ask_limit_end",
    "charge_legs",
    "check_guard",
    "check_limits",
    "check_reversible",
    "checkers_foreseen",
    "checkers_needed",
    "describe_reversal",
    "execute_reversal",
    "has_reverser",
    "paid_before",
    "print_receipt",
    "record",
    "register_owner",
    "register_reverser",
    "require_agreed",
    "write_reversal",
]
