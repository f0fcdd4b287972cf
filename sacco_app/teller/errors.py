"""Refusals of the teller room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, RuleViolation


class TillNotOpen(RuleViolation):
    code = "teller.till_not_open"
    template = "You have no open till: accept a float first"


class TillBusy(Conflict):
    code = "teller.till_busy"
    template = "This till or this teller has a float or an open day already"


class TillShortOfCash(RuleViolation):
    code = "teller.till_short_of_cash"
    template = "The till does not hold {amount}: ask for a float"


class TillAboveLimit(RuleViolation):
    code = "teller.till_above_limit"
    template = "The till would hold more than {limit}: return cash to the vault first"


class VaultShortOfCash(RuleViolation):
    code = "teller.vault_short_of_cash"
    template = "The vault does not hold {amount}"


class SelfIssue(RuleViolation):
    code = "teller.self_issue"
    template = "A float is counted by two people: choose another teller"


class WaitsOpen(RuleViolation):
    code = "teller.waits_open"
    template = "A withdrawal of this till waits for approval: pay it or take it back before closing"


class TillCodeTaken(Conflict):
    code = "teller.till_code_taken"
    template = "Another till has this code"
