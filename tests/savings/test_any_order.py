"""Deposits, withdrawals, transfers, reversals and repeats in any order leave the book as plain arithmetic says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import SaccoError
from sacco_app.kernel.ids import new_code, new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.ledger import proofs
from sacco_app.savings import queries, service
from sacco_app.savings.types import OpenAccount, Transfer
from sacco_app.teller import service as teller
from sacco_app.teller.types import CashDeposit, CashWithdrawal
from sacco_app.transactions import queries as transaction_queries
from sacco_app.transactions import service as transactions
from sacco_app.transactions.types import RequestReversal
from tests.factories.counter import make_counter
from tests.factories.members import make_member
from tests.factories.tariff import clear_tariff, set_duty, set_fee

MINIMUM = 5_000
ACCOUNTS = st.integers(0, 2)
AMOUNTS = st.one_of(st.integers(1, 20_000), st.integers(1, 1_000_000))
EARLIER = st.integers(0, 30)
MOVES = st.one_of(
    st.tuples(st.just("deposit"), ACCOUNTS, AMOUNTS),
    st.tuples(st.just("withdraw"), ACCOUNTS, AMOUNTS),
    st.tuples(st.just("transfer"), ACCOUNTS, ACCOUNTS, AMOUNTS, st.booleans()),
    st.tuples(st.just("reverse"), EARLIER),
    st.tuples(st.just("again"), EARLIER),
)


def withdrawal_charge(amount):
    """1,000, from 500,000 on 2,000, with 15 % duty."""
    return 2_300 if amount >= 500_000 else 1_150


TRANSFER_CHARGE = 345


@dataclass
class Done:
    """A command that was sent: what it was, its key, and the transaction if it went through."""

    move: tuple[Any, ...]
    key: str
    id: Any = None
    is_reversed: bool = False


@dataclass
class Model:
    """What plain arithmetic says: balances, and the cash in the till."""

    balances: list[int] = field(default_factory=lambda: [0, 0, 0])
    cash: int = 0

    def change(self, changes: dict[int, int], cash: int) -> None:
        for account, change in changes.items():
            self.balances[account] += change
        self.cash += cash

    def post(self, move: tuple[Any, ...]) -> bool:
        """Carry the move out if it is allowed."""
        kind, account, *rest = move
        amount = rest[-1] if kind != "transfer" else rest[1]
        if kind == "deposit":
            self.change({account: amount}, amount)
            return True
        if kind == "withdraw":
            taken = amount + withdrawal_charge(amount)
            allowed = taken <= self.balances[account] - MINIMUM
            if allowed:
                self.change({account: -taken}, -amount)
            return allowed
        target, taken = rest[0], amount + TRANSFER_CHARGE
        allowed = target != account and taken <= self.balances[account] - MINIMUM
        if allowed:
            self.change({account: -taken, target: amount}, 0)
        return allowed

    def take_back(self, move: tuple[Any, ...]) -> bool:
        """Carry the reversal out if whoever has the money still has it."""
        kind, account, *rest = move
        if kind == "deposit":
            amount = rest[0]
            allowed = amount <= self.balances[account]
            if allowed:
                self.change({account: -amount}, -amount)
            return allowed
        if kind == "withdraw":
            amount = rest[0]
            self.change({account: amount + withdrawal_charge(amount)}, amount)
            return True
        target, amount = rest[0], rest[1]
        allowed = amount <= self.balances[target]
        if allowed:
            self.change({account: amount + TRANSFER_CHARGE, target: -amount}, 0)
        return allowed


class Counter:
    """The real thing: a teller at a till, two accounts of one member and one of another."""

    def __init__(self, session, clock):
        self.session, self.clock = session, clock
        self.made = make_counter(session, clock, suffix=new_code(6))
        owner = queries.get_account(session, Actor.system(), self.made.account_id).member_id
        other = make_member(session, clock, self.made.teller.branch_id, surname="Kato").id
        self.owners = [owner, owner, other]
        with transaction(self.made.teller, clock) as inner:
            more = [service.open_account(inner, self.made.teller, clock, OpenAccount(m, "REG")) for m in (owner, other)]
        self.accounts = [self.made.account_id, *more]

    def send(self, done: Done) -> Any:
        kind, account, *rest = done.move
        teller_, key, source = self.made.teller, done.key, self.accounts[account]
        if kind == "transfer":
            target, amount, by_phone = rest
            who = Actor.member(self.owners[account], "Grace", "ussd") if by_phone else teller_
            command = Transfer(source, self.accounts[target], Money(amount, UGX), "", key)
            return self._do(who, service.transfer, command)
        if kind == "deposit":
            return self._do(teller_, teller.deposit, CashDeposit(source, Money(rest[0], UGX), "", "", "", key))
        return self._do(teller_, teller.withdraw, CashWithdrawal(source, Money(rest[0], UGX), "", "", key))

    def reverse(self, done: Done) -> None:
        command = RequestReversal(done.id, "wrong", self.made.teller.user_id)
        with transaction(self.made.head_teller, self.clock) as inner:
            transactions.execute_reversal(inner, self.made.head_teller, self.clock, command, new_id())

    def _do(self, who, verb, command):
        with transaction(who, self.clock) as inner:
            return verb(inner, who, self.clock, command)

    def balances(self):
        self.session.expire_all()
        found = [queries.get_account(self.session, Actor.system(), one) for one in self.accounts]
        return [account.ledger_balance.minor for account in found]


def tried(work, *args):
    """What came of it, or None when a rule refused."""
    try:
        return work(*args) or True
    except SaccoError:
        return None


def play(counter: Counter, model: Model, moves: list[tuple[Any, ...]]) -> None:
    sent: list[Done] = []
    for move in moves:
        if move[0] in ("deposit", "withdraw", "transfer"):
            sent.append(Done(move, str(new_id())))
            post(counter, model, sent[-1])
        elif sent and move[0] == "again":
            post(counter, model, sent[move[1] % len(sent)])
        elif sent:
            take_back(counter, model, sent[move[1] % len(sent)])


def post(counter: Counter, model: Model, done: Done) -> None:
    """The first arrival has its effect; a later one gives what the first gave."""
    facts = tried(counter.send, done)
    if done.id is not None:
        assert (facts.id, facts.replayed) == (done.id, True)
        return
    assert (facts is not None) == model.post(done.move), done
    done.id = facts.id if facts is not None else None


def take_back(counter: Counter, model: Model, done: Done) -> None:
    """Once, if it was posted and the money is there."""
    if done.id is None:
        return
    went = tried(counter.reverse, done) is not None
    assert went == (not done.is_reversed and model.take_back(done.move)), done
    done.is_reversed = done.is_reversed or went


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MOVES, max_size=14))
def test_any_order_leaves_what_arithmetic_says(session, clock, moves):
    clear_tariff(session, clock)
    set_duty(clock, "0.15")
    set_fee(clock, "withdrawal", 1_000)
    set_fee(clock, "withdrawal", 2_000, from_minor=500_000)
    set_fee(clock, "transfer", 300)
    counter, model = Counter(session, clock), Model()
    play(counter, model, moves)
    assert counter.balances() == model.balances
    assert min(counter.balances()) >= 0
    cash = session.execute(
        text("SELECT balance_minor - float_minor FROM till_sessions WHERE id = :id"),
        {"id": counter.made.till_session_id},
    ).scalar_one()
    assert cash == model.cash
    assert proofs.differences(session) == []
    rows = transaction_queries.newest_of_till(session, counter.made.till_session_id, 50)
    numbers = sorted(int(row.receipt_number[-4:]) for row in rows if row.receipt_number)
    assert numbers == list(range(1, len(numbers) + 1))
