"""The six families of failure. An error carries a code and facts; the front door chooses status and words."""

from __future__ import annotations

from typing import Any, ClassVar


class SaccoError(Exception):
    """Base of every refusal that a person can cause or cure.

    A subclass names `code` (`room.condition`) and `template`, a sentence for staff made from the keyword facts.
    """

    code: ClassVar[str] = "error"
    template: ClassVar[str] = "This could not be done"

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The sentence with its facts filled in."""
        return self.template.format(**self.facts)


class NotFound(SaccoError):
    """There is no such thing, or the actor may not know that there is. 404."""

    code = "not_found"
    template = "Not found"


class NotPermitted(SaccoError):
    """The actor lacks the permission. 403."""

    code = "not_permitted"
    template = "Your role does not allow this"


class Conflict(SaccoError):
    """The state of things has moved on, or a key was used for something else. 409."""

    code = "conflict"
    template = "Somebody changed this at the same time: look again and repeat"


class RuleViolation(SaccoError):
    """A rule of the SACCO refuses. 409."""

    code = "rule_violation"


class InvalidInput(SaccoError):
    """The input itself is wrong. 422."""

    code = "invalid_input"


class ExternalFailure(SaccoError):
    """Something outside (gateway, provider) failed; the outcome may be unknown. 502, and jobs retry."""

    code = "external_failure"
    template = "The other system did not answer"
