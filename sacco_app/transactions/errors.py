"""Refusals of the transactions room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, RuleViolation


class AlreadyReversed(Conflict):
    code = "transactions.already_reversed"
    template = "This transaction is reversed already"


class NotReversible(RuleViolation):
    code = "transactions.not_reversible"
    template = "A {kind} cannot be reversed here: {why}"
