"""Refusals of the notifications room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, ExternalFailure, InvalidInput, RuleViolation


class GatewayBusy(ExternalFailure):
    code = "notifications.gateway_busy"
    template = "The gateway did not take the message: {why}"


class StillSending(ExternalFailure):
    code = "notifications.still_sending"
    template = "Another worker is sending this message"


class NotResendable(RuleViolation):
    code = "notifications.not_resendable"
    template = "A message that is {status} is not sent again"


class SecretNotResendable(RuleViolation):
    code = "notifications.secret_not_resendable"
    template = "This message held a secret that is not kept: give out a new one instead"


class ResentBefore(Conflict):
    code = "notifications.resent_before"
    template = "This message was sent again already"


class UnknownPlace(InvalidInput):
    code = "notifications.unknown_place"
    template = "{where}: {names} cannot be filled in this message; it knows {known}"


class StrayMark(InvalidInput):
    code = "notifications.stray_mark"
    template = "{where}: a brace or bracket is left open, or stands alone"


class TextTooLong(InvalidInput):
    code = "notifications.text_too_long"
    template = "{where}: in the longest case {units} of {room} characters in {segments} parts; {most} parts is the most"


class TextMissing(InvalidInput):
    code = "notifications.text_missing"
    template = "{where}: write the text"


class PushNotAccepted(InvalidInput):
    code = "notifications.push_not_accepted"
    template = "This browser's push service is not one that we know: {host}"


class PushNotReached(ExternalFailure):
    code = "notifications.push_not_reached"
    template = "The push service did not take the message"
