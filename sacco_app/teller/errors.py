"""Refusals of the teller room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, InvalidInput, RuleViolation


class TillNotOpen(RuleViolation):
    code = "teller.till_not_open"
    template = "You have no open till: accept a float first"


class TillSuspended(RuleViolation):
    code = "teller.till_suspended"
    template = "Your till is on a break: go on first"


class TillFrozen(RuleViolation):
    code = "teller.till_frozen"
    template = "{who} has stopped this till: it goes on when they let it"


class TillNotTaking(RuleViolation):
    code = "teller.till_not_taking"
    template = "Till {till} is not open: it can neither give nor take cash now"


class PayerIncomplete(InvalidInput):
    code = "teller.payer_incomplete"
    template = "Somebody else pays in: enter both name and phone"


class AuthorityNeeded(InvalidInput):
    code = "teller.authority_needed"
    template = "Somebody else is paid: enter name and phone, and which letter and card you have seen"


class SourceNeeded(InvalidInput):
    code = "teller.source_needed"
    template = "From {limit} on, ask where the money comes from"


class NothingCounted(InvalidInput):
    code = "teller.nothing_counted"
    template = "Count the cash: enter how many pieces of each note and coin there are"


class OffersOpen(RuleViolation):
    code = "teller.offers_open"
    template = "Cash is on its way to or from this till: take it, refuse it or withdraw it before closing"


class OfferDecided(Conflict):
    code = "teller.offer_decided"
    template = "This cash is {state} already"


class OwnOffer(RuleViolation):
    code = "teller.own_offer"
    template = "Nobody takes the cash that they have counted themselves"


class OtherBranch(RuleViolation):
    code = "teller.other_branch"
    template = "Cash goes from till to till within one branch"


class TillBusy(Conflict):
    code = "teller.till_busy"
    template = "This till or this teller has a float or an open day already"


class TillShortOfCash(RuleViolation):
    code = "teller.till_short_of_cash"
    template = "The till does not hold {amount}: ask for a float"


class TillAboveLimit(RuleViolation):
    code = "teller.till_above_limit"
    template = "The till would hold more than {limit}: return cash to the vault first"


class CountWaits(Conflict):
    code = "teller.count_waits"
    template = "A count of this vault or till waits for a second person already"


class TillNotStopped(RuleViolation):
    code = "teller.till_not_stopped"
    template = "Stop the till before you count it: nothing is posted at it meanwhile"


class OwnTill(RuleViolation):
    code = "teller.own_till"
    template = "Nobody counts their own till by surprise: let another supervisor count"


class CountOpen(RuleViolation):
    code = "teller.count_open"
    template = "A count of this till waits for a second person: it closes when the difference is decided"


class AlreadyBanked(Conflict):
    code = "teller.already_banked"
    template = "The slip of this cash is entered already"


class OwnSlip(RuleViolation):
    code = "teller.own_slip"
    template = "Neither of the two who sent the cash enters the bank's slip"


class VaultShortOfCash(RuleViolation):
    code = "teller.vault_short_of_cash"
    template = "The vault does not hold {amount}"


class SelfIssue(RuleViolation):
    code = "teller.self_issue"
    template = "A float is counted by two people: choose another teller"


class RecountNeeded(RuleViolation):
    code = "teller.recount_needed"
    template = "Count the cash of this till yourself: open the record"


class NotHandedIn(Conflict):
    code = "teller.not_handed_in"
    template = "This till is not handed in: nothing waits to be taken over"


class CountedBefore(Conflict):
    code = "teller.counted_before"
    template = "You have counted this till already since it was handed in: somebody else counts, or it is sent back"


class CountsDiffer(RuleViolation):
    code = "teller.counts_differ"
    template = (
        "No two people have counted the same: somebody else who may approve differences counts, or it is sent back"
    )


class CountOutdated(Conflict):
    code = "teller.count_outdated"
    template = "The book of this till has moved since it was counted: send it back, to be handed in anew"


class DifferenceTooLarge(RuleViolation):
    code = "teller.difference_too_large"
    template = "This till is decided by somebody who may approve differences: let one of them count it too"


class WaitsOpen(RuleViolation):
    code = "teller.waits_open"
    template = "A withdrawal of this till waits for approval: pay it or take it back before closing"


class TillCodeTaken(Conflict):
    code = "teller.till_code_taken"
    template = "Another till has this code"
