"""Refusals of the organisation room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, NotFound, RuleViolation


class ParameterNotSet(NotFound):
    code = "organisation.parameter_not_set"
    template = "The parameter {key} has no value on {day}"


class BranchCodeTaken(Conflict):
    code = "organisation.branch_code_taken"
    template = "Another branch has this code"


class BusinessDateNotForward(RuleViolation):
    code = "organisation.business_date_not_forward"
    template = "The business date moves forward only: it is {current} now"


class ParameterNotLater(RuleViolation):
    code = "organisation.parameter_not_later"
    template = "A newer value of this parameter is already set from {day}: choose a later day"
