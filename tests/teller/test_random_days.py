"""Any day of a till: whatever is done in whatever order, the book has what is in the drawer and in the vault."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sacco_app.approvals import queries as approval_queries
from sacco_app.approvals import service as approvals
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.ids import new_code, new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.savings.errors import InsufficientFunds
from sacco_app.teller import queries, rules, service
from sacco_app.teller.errors import TillAboveLimit, TillShortOfCash, TillSuspended
from sacco_app.teller.models import TillSession
from sacco_app.teller.types import CloseTill, CountState, CountTill, IssueFloat, MoveKind, OfferCash, PendingApproval
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import RequestReversal
from tests.factories.access import actor_for, make_user
from tests.factories.counter import Counter, make_counter

COIN, NOTE, AT_FIRST = 50, 50_000, 2_000_000
REFUSED = (InsufficientFunds, TillAboveLimit, TillShortOfCash)
STEPS = ("deposit", "withdraw", "top_up", "give_back", "reverse", "rest", "lose", "count", "change_hands")
WEIGHTED = ("deposit", "deposit", "withdraw", *STEPS)
PIECES = st.integers(1, 18_000)


def counts(amount: int):
    return rules.payout(Money(amount, UGX))


@dataclass
class Day:
    """A till and what really lies in its drawer and in the vault; `lost` is what the book does not know of."""

    counter: Counter
    manager: Actor
    drawer: int
    vault: int
    lost: int = 0
    done: list[tuple[UUID, int, int]] = field(default_factory=list)

    def act(self, actor, verb, *what):
        with transaction(actor, self.counter.clock) as inner:
            return verb(inner, actor, self.counter.clock, *what)

    def moved(self, transaction_id: UUID | None, drawer: int, vault: int = 0) -> None:
        assert transaction_id
        self.done.append((transaction_id, drawer, vault))
        self.drawer, self.vault = self.drawer + drawer, self.vault + vault

    def deposit(self, pieces: int) -> None:
        self.moved(self.counter.deposit(pieces * COIN).id, pieces * COIN)

    def withdraw(self, pieces: int) -> None:
        amount = pieces * COIN
        if amount > self.drawer:
            return
        made = self.counter.withdraw(amount)
        if isinstance(made, PendingApproval):
            self.act(self.manager, approvals.approve, made.request_id)
            try:
                self.act(self.counter.teller, approvals.execute, made.request_id)
            except TillShortOfCash:
                self.act(self.counter.teller, approvals.cancel, made.request_id)
                return
        self.moved(made.request_id if isinstance(made, PendingApproval) else made.id, -amount)

    def _hand_over(self, giver, taker, kind, to, notes) -> UUID | None:
        offer = OfferCash(to, ((NOTE, notes),), str(new_id()))
        move_id = self.act(giver, service.offer_cash, offer, kind)
        self.act(taker, service.take_cash, move_id)
        return queries.get_move(self.counter.session, self.manager, move_id).transaction_id

    def top_up(self, pieces: int) -> None:
        notes = pieces % 40 + 1
        counter = self.counter
        done = self._hand_over(counter.head_teller, counter.teller, MoveKind.TOP_UP, counter.till_session_id, notes)
        self.moved(done, notes * NOTE, -notes * NOTE)

    def give_back(self, pieces: int) -> None:
        notes = pieces % 40 + 1
        if notes * NOTE > min(self.drawer, self.drawer + self.lost):
            return
        done = self._hand_over(self.counter.teller, self.counter.head_teller, MoveKind.RETURN, None, notes)
        self.moved(done, -notes * NOTE, notes * NOTE)

    def reverse(self, _pieces: int) -> None:
        if not self.done or self.done[-1][1] > self.drawer:
            return
        transaction_id, drawer, vault = self.done.pop()
        command = RequestReversal(transaction_id, "typed wrongly", self.counter.teller.user_id)
        self.act(self.manager, transactions.execute_reversal, command, new_id())
        self.drawer, self.vault = self.drawer - drawer, self.vault - vault

    def rest(self, pieces: int) -> None:
        self.act(self.counter.teller, service.suspend_till)
        with pytest.raises(TillSuspended):
            self.counter.deposit(pieces * COIN)
        self.act(self.counter.teller, service.resume_till)

    def lose(self, pieces: int) -> None:
        gone = min(pieces % 400 * COIN, self.drawer)
        self.drawer, self.lost = self.drawer - gone, self.lost + gone

    def count(self, _pieces: int) -> None:
        session, head, till_id = self.counter.session, self.counter.head_teller, self.counter.till_session_id
        self.act(head, service.freeze_till, till_id)
        count_id = self.act(head, service.count_till, CountTill(till_id, counts(self.drawer), "", str(new_id())))
        self.act(head, service.release_till, till_id)
        row = queries.get_count(session, head, count_id)
        assert row.counted_minor - row.book_minor == -self.lost
        if row.state == CountState.WAITING:
            (asked,) = approval_queries.waiting_for(session, f"/teller/counts/{count_id}")
            self.act(self.manager, approvals.approve, asked.id)
            self.lost = 0

    def change_hands(self, pieces: int) -> None:
        """The till is handed in and taken over; its teller gets a float again."""
        counter, held = self.counter, counts(self.drawer)
        till = queries.get_session(counter.session, self.manager, counter.till_session_id)
        self.act(counter.teller, service.close_till, CloseTill(till.id, held, "", str(new_id())))
        assert counter.take_over(held).minor == -self.lost
        self.vault, self.drawer, self.lost, self.done = self.vault + self.drawer, 0, 0, []
        self.agrees()
        notes = pieces % 60 + 1
        offer = IssueFloat(till.till_id, counter.teller.user_id, ((NOTE, notes),), str(new_id()))
        counter.till_session_id = self.act(counter.head_teller, service.issue_float, offer)
        self.act(counter.teller, service.accept_float, counter.till_session_id)
        self.drawer, self.vault = self.drawer + notes * NOTE, self.vault - notes * NOTE

    def agrees(self) -> None:
        """The book has what is in the drawer, but for what was lost and not counted yet, and what is in the vault."""
        session = self.counter.session
        session.expire_all()
        row = session.scalars(select(TillSession).where(TillSession.id == self.counter.till_session_id)).one()
        assert row.balance_minor == self.drawer + self.lost
        assert vault_holds(self.counter) == self.vault


def vault_holds(counter: Counter) -> int:
    (vault,) = queries.vaults(counter.session, counter.head_teller)
    return vault.balance_minor


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(WEIGHTED), PIECES), min_size=3, max_size=14))
def test_any_day_of_a_till_is_in_the_book_as_it_is_in_the_drawer(session, clock, steps):
    suffix = new_code(6)
    counter = make_counter(session, clock, suffix=suffix)
    manager = actor_for(session, make_user(session, clock, "branch_manager", email=f"m{suffix}@umoja.example"))
    counter.deposit(AT_FIRST)
    day = Day(counter, manager, drawer=60 * NOTE + AT_FIRST, vault=vault_holds(counter))
    for step, pieces in steps:
        try:
            getattr(day, step)(pieces)
        except REFUSED:
            session.expire_all()
        day.agrees()
    assert proofs.differences(session) == []
