"""A counter for tests: a funded vault, an open till, an account with money."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from sacco_app.access.types import UserFacts
from sacco_app.approvals import service as approvals
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import FixedClock
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.money import UGX, Money
from sacco_app.kernel.uow import transaction
from sacco_app.organisation.queries import list_branches
from sacco_app.savings import service as savings
from sacco_app.savings.types import OpenAccount
from sacco_app.teller import service
from sacco_app.teller.types import (
    CashDeposit,
    CashWithdrawal,
    CloseTill,
    Counts,
    FundVault,
    IssueFloat,
    Received,
    ReceiveTill,
    SaveTill,
)
from sacco_app.transactions.types import TransactionFacts
from tests.factories.access import actor_for, make_user
from tests.factories.members import make_member


@dataclass
class Counter:
    """A teller at an open till, and one member's account."""

    session: Session
    clock: FixedClock
    teller_user: UserFacts
    teller: Actor
    head_teller: Actor
    till_session_id: UUID
    account_id: UUID

    def deposit(self, amount: int, key: str | None = None, account_id: UUID | None = None) -> TransactionFacts:
        source = "business" if amount >= 5_000_000 else ""
        command = CashDeposit(
            account_id or self.account_id, Money(amount, UGX), "", "", "", key or str(new_id()), source
        )
        with transaction(self.teller, self.clock) as inner:
            return service.deposit(inner, self.teller, self.clock, command)

    def withdraw(self, amount: int, key: str | None = None) -> object:
        command = CashWithdrawal(self.account_id, Money(amount, UGX), "", "", key or str(new_id()))
        with transaction(self.teller, self.clock) as inner:
            return service.withdraw(inner, self.teller, self.clock, command)

    def hand_in(self, counts: Counts, key: str | None = None) -> UUID:
        """The teller counts the till and hands it in. Returns the request's id."""
        command = CloseTill(self.till_session_id, counts, "", key or str(new_id()))
        with transaction(self.teller, self.clock) as inner:
            return service.close_till(inner, self.teller, self.clock, command)

    def receive(self, custodian: Actor, counts: Counts, key: str | None = None) -> Received:
        """A custodian counts the till that was handed in."""
        command = ReceiveTill(self.till_session_id, counts, "", key or str(new_id()))
        with transaction(custodian, self.clock) as inner:
            return service.receive_till(inner, custodian, self.clock, command)

    def take_over(self, counts: Counts) -> Money:
        """The custodian counts as the teller did, and the till is closed. Returns count less book."""
        received = self.receive(self.head_teller, counts)
        assert received.difference is not None, received
        return received.difference

    def balance(self) -> int:
        self.session.expire_all()
        system = Actor.system()
        return savings.queries.get_account(self.session, system, self.account_id).ledger_balance.minor


def fund_vault(clock: FixedClock, custodian: Actor, branch_id: UUID, amount: int) -> None:
    """Cash from the bank, which the second custodian has counted."""
    command = FundVault(branch_id, Money(amount, UGX), "", str(new_id()))
    with transaction(custodian, clock) as inner:
        asked = service.ask_fund_vault(inner, custodian, clock, command)
        inner.flush()
        approvals.approve(inner, Actor.system(), clock, asked, "Counted too")


def open_till(counter: Counter, suffix: str, float_pieces: int = 20) -> tuple[Actor, UUID]:
    """Another teller at another till of the same branch, opened with notes of 50,000: the teller and the session."""
    session, clock, head = counter.session, counter.clock, counter.head_teller
    user = make_user(session, clock, "teller", email=f"teller{suffix}@umoja.example")
    actor = actor_for(session, user)
    with transaction(head, clock) as inner:
        branch_id = list_branches(session)[0].id
        till_id = service.save_till(inner, head, clock, SaveTill(f"T{suffix}", "Till", branch_id, 20_000_000))
        inner.flush()
        command = IssueFloat(till_id, user.id, ((50_000, float_pieces),), str(new_id()))
        offered = service.issue_float(inner, head, clock, command)
    with transaction(actor, clock) as inner:
        service.accept_float(inner, actor, clock, offered)
    return actor, offered


def make_counter(session: Session, clock: FixedClock, float_pieces: int = 60, suffix: str = "") -> Counter:
    """Vault with 50 million, a till opened with `float_pieces` notes of 50,000, one empty account."""
    branch = list_branches(session)[0]
    teller = make_user(session, clock, "teller", email=f"teller{suffix}@umoja.example")
    head = actor_for(session, make_user(session, clock, "head_teller", email=f"head{suffix}@umoja.example"))
    actor = actor_for(session, teller)
    member = make_member(session, clock, branch.id)
    fund_vault(clock, head, branch.id, 50_000_000)
    with transaction(head, clock) as inner:
        till_id = service.save_till(inner, head, clock, SaveTill(f"T{suffix or 1}", "Till", branch.id, 20_000_000))
        inner.flush()
        command = IssueFloat(till_id, teller.id, ((50_000, float_pieces),), str(new_id()))
        offered = service.issue_float(inner, head, clock, command)
    with transaction(actor, clock) as inner:
        service.accept_float(inner, actor, clock, offered)
    with transaction(actor, clock) as inner:
        account_id = savings.open_account(inner, actor, clock, OpenAccount(member.id, "REG"))
    return Counter(session, clock, teller, actor, head, offered, account_id)
