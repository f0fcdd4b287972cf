"""Refusals of the API room. The families that HTTP alone knows (401, 415, 429) are said here."""

from __future__ import annotations

from sacco_app.kernel.errors import ExternalFailure, InvalidInput, NotPermitted, SaccoError


class Unauthorized(SaccoError):
    """Nobody known: the token is missing, wrong or too old. 401."""

    code = "api.token_missing"
    template = "Send an access token: Authorization: Bearer …"


class TokenInvalid(Unauthorized):
    code = "api.token_invalid"
    template = "This access token is not valid here: refresh it or sign in again"


class TokenExpired(Unauthorized):
    code = "api.token_expired"
    template = "This access token is too old: refresh it"


class DeviceEnded(Unauthorized):
    code = "api.device_ended"
    template = "This device was signed out: sign in again"


class SignInRefused(Unauthorized):
    code = "api.sign_in_refused"
    template = "The phone number or the PIN is not right"


class PinMustChange(NotPermitted):
    code = "api.pin_must_change"
    template = "This PIN is temporary: choose your own with /api/v1/sign-in/pin, then sign in"


class RefreshRefused(Unauthorized):
    code = "api.refresh_refused"
    template = "This refresh token is not valid: sign in again"


class ClientRefused(Unauthorized):
    code = "api.client_refused"
    template = "The client or its secret is not right"


class WrongKindOfToken(NotPermitted):
    code = "api.wrong_kind_of_token"
    template = "This is for {wanted}, and the token is another's"


class ScopeMissing(NotPermitted):
    code = "api.scope_missing"
    template = "This needs the scope {scope}"


class NotJson(SaccoError):
    """The body is of another type. 415."""

    code = "api.not_json"
    template = "Send the body as {wanted}"


class CursorNotUnderstood(InvalidInput):
    code = "api.cursor_not_understood"
    template = "This cursor is not one of ours: take `next` of the page before"


class BranchNeeded(InvalidInput):
    code = "api.branch_needed"
    template = "Name one of your branches with branch_id: your client sees some of them, not the whole SACCO"


class StatementsUnavailable(ExternalFailure):
    code = "api.statements_unavailable"
    template = "Statements cannot be made at the moment"
