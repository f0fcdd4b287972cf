"""Changes of the savings room: accounts, what is held on them, transfers."""

from sacco_app.savings import queries
from sacco_app.savings.service.accounts import open_account, save_product
from sacco_app.savings.service.moving import account_lock, credit, debit, leg, place_hold, release_hold
from sacco_app.savings.service.reversing import reverse_transfer
from sacco_app.savings.service.transfers import transfer

__all__ = [
    "account_lock",
    "credit",
    "debit",
    "leg",
    "open_account",
    "place_hold",
    "queries",
    "release_hold",
    "reverse_transfer",
    "save_product",
    "transfer",
]
