"""Staff who see every branch."""

from __future__ import annotations

import pytest

from tests.factories.access import make_user_everywhere


@pytest.fixture
def everywhere(session, clock):
    """Make a user of a role who sees every branch."""
    return lambda role: make_user_everywhere(session, clock, role)
