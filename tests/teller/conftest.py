"""What the tests of the counter share."""

from __future__ import annotations

import pytest

from sacco_app.kernel.uow import transaction
from sacco_app.organisation import service as organisation
from sacco_app.organisation.types import SaveBranch


@pytest.fixture
def other_branch(session, clock, system):
    """A branch that nobody of the head office works in."""
    with transaction(system, clock) as inner:
        return organisation.save_branch(inner, system, clock, SaveBranch("MBR", "Mbarara", "", ""))
