"""Two refreshes with one token at the same time: one is a copy, and nobody can know which."""

from __future__ import annotations

from sacco_app.api import queries, service
from sacco_app.kernel.db import db
from sacco_app.kernel.uow import transaction
from sacco_app.members import pins
from sacco_app.savings import queries as savings
from tests.concurrency.conftest import race


def test_one_refresh_token_buys_one_pair_and_the_family_ends(app, clock, counter):
    account = savings.get_account(db.session(), counter.teller, counter.account_id)
    with transaction(counter.teller, clock) as inner:
        temporary = pins.issue_temporary_pin(inner, counter.teller, clock, account.member_id)
    with transaction(counter.teller, clock) as inner:
        pins.change_pin(inner, clock, account.member_id, temporary, "8305")
    member = pins.member_actor(db.session(), account.member_id, "api")
    with transaction(member, clock) as inner:
        grant = service.open_device(inner, member, clock, account.member_id, "Phone")
    db.session.remove()

    def rotate():
        with transaction(member, clock) as inner:
            return service.rotate(inner, member, clock, grant.refresh_token)

    outcomes = race(app, rotate, rotate)
    assert [outcome is None for outcome in outcomes].count(True) == 1, outcomes
    assert queries.live_device(db.session(), clock, grant.device.id) is None
    db.session.remove()
