"""Refusals of the access room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, InvalidInput, NotFound, RuleViolation


class EmailTaken(Conflict):
    code = "access.email_taken"
    template = "Somebody else has this e-mail address"


class MemberTaken(Conflict):
    code = "access.member_taken"
    template = "Another user is this member already"


class PasswordTooWeak(InvalidInput):
    code = "access.password_too_weak"
    template = "Choose a longer password: {why}"


class PasswordWrong(RuleViolation):
    code = "access.password_wrong"
    template = "The present password is not right"


class CodeWrong(RuleViolation):
    code = "access.code_wrong"
    template = "This code is not right, or was used already: wait for the next one"


class LinkUnknown(NotFound):
    code = "access.link_unknown"
    template = "This link was used already or is too old: ask for a new one"


class LinkNotAllowed(RuleViolation):
    code = "access.link_not_allowed"
    template = "There is no link for you to see: nobody has agreed to it, or it was shown already. Ask for it anew"


class OwnRights(RuleViolation):
    code = "access.own_rights"
    template = "Nobody changes their own roles or locks themselves out: ask a colleague"


class BranchNotYours(RuleViolation):
    code = "access.branch_not_yours"
    template = "Nobody gives away sight of a branch that they do not see themselves"


class RoleCodeTaken(Conflict):
    code = "access.role_code_taken"
    template = "Another role has this code"


class PermissionUnknown(InvalidInput):
    code = "access.permission_unknown"
    template = "There is no permission {permission}"


class RoleUnknown(InvalidInput):
    code = "access.role_unknown"
    template = "There is no role {role}"


class NetworkNotUnderstood(InvalidInput):
    code = "access.network_not_understood"
    template = "{text} is not an address or a network, like 192.0.2.10 or 192.0.2.0/24"


class ScopeUnknown(InvalidInput):
    code = "access.scope_unknown"
    template = "There is no scope {scope}"


class TwoSecretsAlready(RuleViolation):
    code = "access.two_secrets_already"
    template = "Two secrets are good already: retire one first"


class SecretNotAllowed(RuleViolation):
    code = "access.secret_not_allowed"
    template = "There is no secret for you to see: nobody has agreed to it, or it was shown already. Ask for it anew"


class LastSecret(RuleViolation):
    code = "access.last_secret"
    template = "This is the only secret: make a new one first, or revoke the client"


class ClientRevoked(RuleViolation):
    code = "access.client_revoked"
    template = "This client is revoked for good: make a new one"


class ChangeWaits(Conflict):
    code = "access.change_waits"
    template = "Another change waits for a second person: let it be decided, or take it back first"
