"""Refusals of the API room. The families that HTTP alone knows (401, 415, 429) are said here."""

from __future__ import annotations

from sacco_app.kernel.errors import InvalidInput, NotPermitted, SaccoError


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


class PinNeeded(NotPermitted):
    code = "api.pin_needed"
    template = "Money for somebody else is confirmed with the PIN: send it as pin"


class PinNotRight(NotPermitted):
    code = "api.pin_not_right"
    template = "The PIN is not right, or it is locked"


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


class OAuthRefused(SaccoError):
    """A request at the token endpoint that RFC 6749 (5.2) answers with 400 and a word of its own."""

    word = "invalid_request"


class GrantNotSupported(OAuthRefused):
    code = "api.grant_not_supported"
    template = "Send grant_type=client_credentials"
    word = "unsupported_grant_type"


class ScopeNotGranted(OAuthRefused):
    code = "api.scope_not_granted"
    template = "This client does not have the scope {scope}"
    word = "invalid_scope"


class BodyOfAnotherType(SaccoError):
    """415."""

    code = "api.body_of_another_type"
    template = "Send the body as {wanted}"


class CursorNotUnderstood(InvalidInput):
    code = "api.cursor_not_understood"
    template = "This cursor is not one of ours: take `next` of the page before"


class BranchNeeded(InvalidInput):
    code = "api.branch_needed"
    template = "Name one of your branches with branch_id: your client sees some of them, not the whole SACCO"
