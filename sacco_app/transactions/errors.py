"""Refusals of the transactions room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, InvalidInput, RuleViolation


class AlreadyReversed(Conflict):
    code = "transactions.already_reversed"
    template = "This transaction is reversed already"


class NotReversible(RuleViolation):
    code = "transactions.not_reversible"
    template = "A {kind} cannot be reversed here: {why}"


class ReversalWaits(Conflict):
    code = "transactions.reversal_waits"
    template = "Somebody has asked for this reversal already: it waits for another person"


class AboveLimit(RuleViolation):
    """A limit of the SACCO refuses the transaction; each way has a code of its own."""

    code = "transactions.above_limit"


class ChannelSwitchedOff(AboveLimit):
    code = "transactions.switched_off"
    template = "{what}{by} are switched off at present"


class AboveLimitOnce(AboveLimit):
    code = "transactions.above_limit_once"
    template = "A {kind}{by} is at most {limit}"


class AboveLimitOfDay(AboveLimit):
    code = "transactions.above_limit_of_day"
    template = "{what} a day{by} are at most {limit} for each {each}: {left} is left today"


class TooManyToday(AboveLimit):
    code = "transactions.too_many_today"
    template = "{what} a day{by} are at most {count} for each {each}: none is left today"


class MoreMustAgree(Conflict):
    code = "transactions.more_must_agree"
    template = (
        "By now {needed} people must agree to this amount, and it was asked of {agreed}: "
        "let the request be taken back, then ask again"
    )


class TermNotLater(Conflict):
    code = "transactions.term_not_later"
    template = "A change from {day} is set already: choose that day or a later one"


class TermSetMeanwhile(Conflict):
    code = "transactions.term_set_meanwhile"
    template = "Somebody has set the same fee or limit for that day meanwhile: look again"


class TermEnded(Conflict):
    code = "transactions.term_ended"
    template = "It ends on {day} already"


class TermInThePast(InvalidInput):
    code = "transactions.term_in_the_past"
    template = (
        "The business date is {day}: what was charged and allowed before stays, so choose this day or a later one"
    )
