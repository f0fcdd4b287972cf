"""Refusals of the operations room."""

from __future__ import annotations

from sacco_app.kernel.errors import Conflict


class NothingToRetry(Conflict):
    """The job is done or under way already."""

    code = "operations.nothing_to_retry"
    template = "Nothing to try again: the job is done or under way by now"
