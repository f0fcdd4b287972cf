"""Refusals of the savings room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, InvalidInput, NotFound, RuleViolation


class InsufficientFunds(RuleViolation):
    code = "savings.insufficient_funds"
    template = "Only {available} is available: {ledger} less {held} held and {minimum} minimum balance"


class AccountNotOpen(RuleViolation):
    code = "savings.account_not_open"
    template = "Account {number} is {status}"


class AccountUnknown(NotFound):
    code = "savings.account_unknown"
    template = "There is no account {number}"


class SameAccount(RuleViolation):
    code = "savings.same_account"
    template = "Choose two different accounts"


class ProductClosed(RuleViolation):
    code = "savings.product_closed"
    template = "No new accounts are opened for this product"


class AlreadyHeld(Conflict):
    code = "savings.already_held"
    template = "This amount is held already"


class AmountNotAccepted(InvalidInput):
    code = "savings.amount_not_accepted"
    template = "Account {number} takes amounts above zero in {currency}"


class TransferToOthersOff(RuleViolation):
    code = "savings.transfer_to_others_off"
    template = "Money can be moved between your own accounts only"


class ReceiverCannotTake(RuleViolation):
    code = "savings.receiver_cannot_take"
    template = "Account {number} cannot take money now"
