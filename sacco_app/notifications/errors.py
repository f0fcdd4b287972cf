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


class WordsNotAccepted(InvalidInput):
    code = "notifications.words_not_accepted"
    template = "{language}: {why}"


class SecurityStaysOn(RuleViolation):
    code = "notifications.security_stays_on"
    template = "A security alert is not switched off: it tells members and staff of a theft"


class PushNotAccepted(InvalidInput):
    code = "notifications.push_not_accepted"
    template = "This browser's push service is not one that we know: {host}"


class PushNotReached(ExternalFailure):
    code = "notifications.push_not_reached"
    template = "The push service did not take the message"
