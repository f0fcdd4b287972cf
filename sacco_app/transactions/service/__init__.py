"""Changes of the transactions room: recording, limits, reversal."""

from sacco_app.transactions.service.limits import check_limits
from sacco_app.transactions.service.recording import charge_legs, print_receipt, record
from sacco_app.transactions.service.reversing import (
    REVERSE,
    check_reversible,
    describe_reversal,
    execute_reversal,
    register_reverser,
)

__all__ = [
    "REVERSE",
    "charge_legs",
    "check_limits",
    "check_reversible",
    "describe_reversal",
    "execute_reversal",
    "print_receipt",
    "record",
    "register_reverser",
]
