"""Refusals of the documents room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict, RuleViolation


class NotReady(Conflict):
    """The document is still being made."""

    code = "documents.not_ready"
    template = "The document is still being made: it can be fetched in a moment"


class NothingToMake(RuleViolation):
    """A run of documents that holds none."""

    code = "documents.nothing_to_make"
    template = "No document would be made by this: choose a wider range"
