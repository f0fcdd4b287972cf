"""Refusals of the members room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, InvalidInput, RuleViolation


class MemberNotActive(RuleViolation):
    code = "members.not_active"
    template = "{name} is {status}: only active members may do this"


class MemberBarred(RuleViolation):
    code = "members.barred"
    template = "Member {number} is {status}: nothing is paid out or held"


class NinTaken(Conflict):
    code = "members.nin_taken"
    template = "Member {number} has this NIN already"


class LooksLikeAnother(Conflict):
    code = "members.looks_like_another"
    template = "{number} {name} has the same {what}: if this is another person, tick the box and repeat"


class SharesNotWhole(InvalidInput):
    code = "members.shares_not_whole"
    template = "The shares of the next of kin sum to {total} %: they must sum to 100.00 %"


class TooYoung(RuleViolation):
    code = "members.too_young"
    template = "A member is at least {years} years old"


class TransitionRefused(RuleViolation):
    code = "members.transition_refused"
    template = "A member who is {old} cannot become {new}"


class PinTooWeak(InvalidInput):
    code = "members.pin_too_weak"
    template = "Choose another PIN: {why}"


class PhoneChangedLately(RuleViolation):
    code = "members.phone_changed_lately"
    template = "This phone number or its PIN is new: money can be sent to others from {until} on"


class PhoneHasChannel(Conflict):
    code = "members.phone_has_channel"
    template = "Member {number} uses this phone number on USSD and the app already: one phone serves one member"


class ChannelNotSetUp(RuleViolation):
    code = "members.channel_not_set_up"
    template = "This member has no PIN yet: issue one first"


class ChannelStateRefused(RuleViolation):
    code = "members.channel_state_refused"
    template = "Channel access is {state}: {why}"


class OwnChannel(RuleViolation):
    code = "members.own_channel"
    template = "Nobody serves themselves: ask a colleague"


class ChangeWaits(Conflict):
    code = "members.change_waits"
    template = "Another change waits for a second person: let it be decided, or take it back first"


class ApplicationWaits(Conflict):
    code = "members.application_waits"
    template = "The application waits for approval as it is: take it back to change name, phone, NIN or next of kin"


class NothingChanged(InvalidInput):
    code = "members.nothing_changed"
    template = "Nothing was changed"


class StillBound(RuleViolation):
    code = "members.still_bound"
    template = "The member cannot leave yet: {why}"


class FileIncomplete(RuleViolation):
    code = "members.file_incomplete"
    template = "Nobody is admitted yet: the file of {number} lacks {what}"


class NotDeceased(RuleViolation):
    code = "members.not_deceased"
    template = "Member {number} is {status}: an estate is paid out only of a member who has died"


class NobodyNamed(RuleViolation):
    code = "members.nobody_named"
    template = (
        "Member {number} named no next of kin: the money is paid to the administrator whom a court's letter names"
    )


class EstateIncomplete(InvalidInput):
    code = "members.estate_incomplete"
    template = "A settlement needs {what}"


class NominationBinds(RuleViolation):
    code = "members.nomination_binds"
    template = "Member {number} has died: the next of kin who were named last bind"


class EstateNotOpen(RuleViolation):
    code = "members.estate_not_open"
    template = (
        "This estate is not being paid out: a second person allows the settlement first, and a newer one replaces it"
    )


class NoMailAddress(RuleViolation):
    code = "members.no_mail_address"
    template = "There is nobody to send it to: the member has no e-mail address, or has died. Print it instead"


class MailedBefore(Conflict):
    code = "members.mailed_before"
    template = "This document was sent to {address} before. The message log tells what became of it and sends it again"
