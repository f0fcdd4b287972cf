"""Refusals of the savings room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, InvalidInput, NotFound, RuleViolation


class InsufficientFunds(RuleViolation):
    code = "savings.insufficient_funds"
    template = "Only {available} is available: {ledger} less {held} held and {minimum} minimum balance"


class AccountNotOpen(RuleViolation):
    code = "savings.account_not_open"
    template = "Account {number} is {status}"


class AccountHeld(RuleViolation):
    code = "savings.account_held"
    template = "{held} is held on account {number}: let it go before the account is closed"


class AlreadyAsked(Conflict):
    code = "savings.already_asked"
    template = "This is asked for account {number} already: it waits for another person"


class NotDormant(RuleViolation):
    code = "savings.not_dormant"
    template = "Account {number} is {status}: only a dormant account is reactivated"


class NotClosing(RuleViolation):
    code = "savings.not_closing"
    template = "Account {number} is {status}: there is no closing to take back"


class CoolingOff(RuleViolation):
    code = "savings.cooling_off"
    template = "Account {number} was dormant: it pays out again from {day}"


class FirstDepositTooSmall(RuleViolation):
    code = "savings.first_deposit_too_small"
    template = "The first deposit on account {number} is at least {least}"


class AccountUnknown(NotFound):
    code = "savings.account_unknown"
    template = "There is no account {number}"


class SameAccount(RuleViolation):
    code = "savings.same_account"
    template = "Choose two different accounts"


class OwnAccount(RuleViolation):
    code = "savings.own_account"
    template = "This is your own account: a colleague must do this"


class ProductClosed(RuleViolation):
    code = "savings.product_closed"
    template = "No new accounts are opened for this product"


class ProductWaits(Conflict):
    code = "savings.product_waits"
    template = "Another change of {code} waits for a second person: let it be decided, or take it back first"


class AlreadyHeld(Conflict):
    code = "savings.already_held"
    template = "This amount is held already"


class HoldOfOthers(RuleViolation):
    code = "savings.hold_of_others"
    template = "This amount is held for something that waits: it is let go when that is decided"


class HoldOrdered(RuleViolation):
    code = "savings.hold_ordered"
    template = "{who} ordered this hold: a second person must agree before it is let go"


class HoldPlacedAlone(RuleViolation):
    code = "savings.hold_placed_alone"
    template = "Nobody lets go alone what they have held: a colleague does it, or agrees when you ask"


class HoldReleased(Conflict):
    code = "savings.hold_released"
    template = "This amount is let go already"


class ReleaseWaits(Conflict):
    code = "savings.release_waits"
    template = "It is asked already that this hold is let go: it waits for another person"


class AmountNotAccepted(InvalidInput):
    code = "savings.amount_not_accepted"
    template = "Account {number} takes amounts above zero in {currency}"


class SecondPersonNeeded(RuleViolation):
    code = "savings.second_person_needed"
    template = "A transfer of {amount} needs a second person"


class TransferToOthersOff(RuleViolation):
    code = "savings.transfer_to_others_off"
    template = "Money can be moved between your own accounts only"


class ReceiverCannotTake(RuleViolation):
    code = "savings.receiver_cannot_take"
    template = "Account {number} cannot take money now"


class NothingDue(RuleViolation):
    code = "savings.nothing_due"
    template = "{name} has had their part of account {number}: nothing is due"


class DueChanged(Conflict):
    code = "savings.due_changed"
    template = "{due} is due to {name} from account {number} now: ask anew"


class GuardianNeeded(InvalidInput):
    code = "savings.guardian_needed"
    template = "{name} is a minor: the guardian is paid, so say who it is and what gives the right"


class OwnInheritance(RuleViolation):
    code = "savings.own_inheritance"
    template = "The money would go to yourself: a colleague must do this"
