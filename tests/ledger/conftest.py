from __future__ import annotations

import pytest

from sacco_app.organisation import queries as organisation
from tests.ledger.builders import draft, leg, post
from tests.ledger.scenario import EVENTS


@pytest.fixture
def branch(session):
    return organisation.list_branches(session)[0]


@pytest.fixture
def scenario(session, system, clock, branch):
    """The 22 events of the handbook, posted through the service."""
    posted = []
    for event, product, legs in EVENTS:
        lines = [leg(name, minor, account_code=name if name.isdigit() else None) for name, minor in legs.items()]
        posted.append(post(system, clock, draft(event, branch.id, *lines, product=product)))
    return posted
