"""Nothing leaves the accounts of members who are suspended, blacklisted, deceased or gone; money may come in."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.members.errors import MemberBarred
from sacco_app.savings import service
from sacco_app.savings.types import OpenAccount, Transfer
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import RequestReversal
from tests.factories.access import actor_for, make_user
from tests.factories.counter import make_counter


@pytest.fixture
def counter(session, clock):
    made = make_counter(session, clock)
    made.deposit(100_000)
    yield made
    assert proofs.differences(session) == []


@pytest.mark.parametrize("status", ["suspended", "blacklisted", "deceased", "exited"])
def test_the_barred_pay_nothing_out_and_take_in(counter, session, clock, status):
    teller = counter.teller
    member_id = session.scalar(
        text("SELECT member_id FROM savings_accounts WHERE id = :id"), {"id": counter.account_id}
    )
    with transaction(teller, clock) as inner:
        other = service.open_account(inner, teller, clock, OpenAccount(member_id, "REG"))
    with transaction(teller, clock) as inner:
        inner.execute(text("UPDATE members SET status = :status WHERE id = :id"), {"status": status, "id": member_id})
    session.expire_all()
    with pytest.raises(MemberBarred, match=f"is {status}"):
        counter.withdraw(5_000)
    with pytest.raises(MemberBarred), transaction(teller, clock) as inner:
        service.transfer(inner, teller, clock, Transfer(counter.account_id, other, Money(20_000, UGX), "", "t"))
    done = counter.deposit(20_000)
    manager = actor_for(session, make_user(session, clock, "branch_manager"))
    with transaction(manager, clock) as inner:
        command = RequestReversal(done.id, "entered wrongly", teller.user_id)
        transactions.execute_reversal(inner, manager, clock, command, done.id)
    assert counter.balance() == 100_000
