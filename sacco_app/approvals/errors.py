"""Refusals of the approvals room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, InvalidInput, RuleViolation


class CheckerEnds(RuleViolation):
    code = "approvals.checker_ends"
    template = "Only the second person ends this: it is not taken back"


class MakerIsChecker(RuleViolation):
    code = "approvals.maker_is_checker"
    template = "Nobody approves what they asked for themselves"


class CheckerBenefits(RuleViolation):
    code = "approvals.checker_benefits"
    template = "Nobody approves what benefits themselves"


class AlreadyDecided(Conflict):
    code = "approvals.already_decided"
    template = "This request is {status} already"


class DecidedBefore(RuleViolation):
    code = "approvals.decided_before"
    template = "You have approved this request: it waits for another person"


class ReasonNeeded(InvalidInput):
    code = "approvals.reason_needed"
    template = "Say why you reject it"


class NotTheMaker(RuleViolation):
    code = "approvals.not_the_maker"
    template = "Only the person who asked can do this"


class PolicyWaits(Conflict):
    code = "approvals.policy_waits"
    template = "Another change of the policies waits for a second person: let it be decided first"
