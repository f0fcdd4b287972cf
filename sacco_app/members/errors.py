"""Refusals of the members room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, InvalidInput, RuleViolation


class MemberNotActive(RuleViolation):
    code = "members.not_active"
    template = "{name} is {status}: only active members may do this"


class NinTaken(Conflict):
    code = "members.nin_taken"
    template = "Member {number} has this NIN already"


class LooksLikeAnother(Conflict):
    code = "members.looks_like_another"
    template = "{number} {name} has the same {what}: if this is another person, tick the box below and repeat"


class SharesNotWhole(InvalidInput):
    code = "members.shares_not_whole"
    template = "The shares of the next of kin sum to {total} %: they must sum to 100.00 %"


class TooYoung(RuleViolation):
    code = "members.too_young"
    template = "A member is at least {years} years old"


class TransitionRefused(RuleViolation):
    code = "members.transition_refused"
    template = "A member who is {old} cannot become {new}"


class FileNotAccepted(InvalidInput):
    code = "members.file_not_accepted"
    template = "{name}: {why}"
