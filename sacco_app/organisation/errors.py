"""Refusals of the organisation room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, InvalidInput, NotFound, RuleViolation


class ParameterNotSet(NotFound):
    code = "organisation.parameter_not_set"
    template = "The parameter {key} has no value on {day}"


class BranchCodeTaken(Conflict):
    code = "organisation.branch_code_taken"
    template = "Another branch has this code"


class BusinessDateNotForward(RuleViolation):
    code = "organisation.business_date_not_forward"
    template = "The business date moves forward only: it is {current} now"


class BusinessDateAhead(RuleViolation):
    code = "organisation.business_date_ahead"
    template = "The business date cannot run ahead of the calendar: today is {today}"


class DayNotReady(RuleViolation):
    """The check-list holds the day open."""

    code = "organisation.day_not_ready"
    template = "{day} cannot be closed yet: {why}"


class HolidayPast(RuleViolation):
    code = "organisation.holiday_past"
    template = "A holiday that has begun or passed stays in the calendar"


class HolidayOfAll(RuleViolation):
    code = "organisation.holiday_of_all"
    template = "A day for every branch is declared by somebody who sees every branch: choose your own branch"


class NotAWorkingDay(RuleViolation):
    code = "organisation.not_a_working_day"
    template = "Nobody works on {day}: the next working day is {next}"


class ParameterNotANumber(InvalidInput):
    code = "organisation.parameter_not_a_number"
    template = "Enter a number, like {present}: it is one now"


class ParameterNotLater(RuleViolation):
    code = "organisation.parameter_not_later"
    template = "A newer value of this parameter is already set from {day}: choose a later day"


class ParameterWaits(Conflict):
    code = "organisation.parameter_waits"
    template = "Another value of this parameter waits for a second person: let it be decided, or take it back first"
