"""Changes of the savings room: accounts, what is held on them, transfers."""

from sacco_app.savings import queries
from sacco_app.savings.service.accounts import open_account
from sacco_app.savings.service.estates import (
    ask_payout,
    ask_payout_to_account,
    give_back,
    reverse_payout,
    take_for_heir,
)
from sacco_app.savings.service.holds import ask_release, hold_by_hand, place_hold, release_by_hand, release_hold
from sacco_app.savings.service.lifecycle import (
    close_account,
    keep_account,
    mark_dormant,
    reactivate_account,
)
from sacco_app.savings.service.moving import account_lock, credit, debit, leg
from sacco_app.savings.service.own import is_own, require_colleague, require_colleague_of
from sacco_app.savings.service.products import ask_product, save_product
from sacco_app.savings.service.reversing import reverse_transfer
from sacco_app.savings.service.transfers import ask_transfer, transfer

__all__ = [
    "account_lock",
    "ask_payout",
    "ask_payout_to_account",
    "ask_product",
    "ask_release",
    "ask_transfer",
    "close_account",
    "credit",
    "debit",
    "give_back",
    "hold_by_hand",
    "is_own",
    "keep_account",
    "leg",
    "mark_dormant",
    "open_account",
    "place_hold",
    "queries",
    "reactivate_account",
    "release_by_hand",
    "release_hold",
    "require_colleague",
    "require_colleague_of",
    "reverse_payout",
    "reverse_transfer",
    "save_product",
    "take_for_heir",
    "transfer",
]
