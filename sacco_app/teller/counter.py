"""What the counter shows: who was looked up, what the account allows, what this till did today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from sacco_app.approvals import queries as approvals
from sacco_app.approvals.types import ApprovalStatus
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.clock import Clock
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.members import queries as members
from sacco_app.members.types import MemberHit
from sacco_app.organisation import queries as organisation
from sacco_app.savings import queries as savings
from sacco_app.savings.service import require_colleague_of
from sacco_app.savings.types import AccountFacts
from sacco_app.teller import queries, rules
from sacco_app.teller.models import TillSession
from sacco_app.teller.service.cash import WITHDRAW, checkers_foreseen, source_limit
from sacco_app.teller.types import CashWithdrawal, MoveFacts
from sacco_app.transactions import queries as transactions
from sacco_app.transactions.rules import in_words
from sacco_app.transactions.types import TITLES, Charge, TransactionKind

LOOKUP = 8
NEWEST = 20
MODES = ("deposit", "withdraw")


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted just now, for the receipt panel."""

    title: str
    amount: Money
    charge: Charge
    member: str
    account_id: UUID | None
    account_number: str
    receipt_number: str
    words: str
    url: str
    receipt_url: str


def look_up(session: Session, actor: Actor, text: str) -> list[tuple[MemberHit, list[AccountFacts]]]:
    """Members that fit the text, each with the accounts; an account number gives its owner. One more than is shown."""
    try:
        account = savings.find_by_number(session, actor, text)
    except NotFound:
        hits = members.search(session, actor, text, LOOKUP + 1)
        return [(hit, savings.accounts_of(session, actor, hit.id)) for hit in hits]
    owner = members.get_member(session, account.member_id)
    return [(MemberHit(owner.id, owner.number, owner.full_name, owner.phone, owner.status), [account])]


def reasons(session: Session, account: AccountFacts) -> list[tuple[str, str]]:
    """Why less is available than the ledger balance says, line by line."""
    rows = [("Ledger balance", account.ledger_balance.format())]
    currency = account.ledger_balance.currency
    for hold in savings.open_holds(session, account.id):
        rows.append((f"Held: {hold.reason}", (-Money(hold.amount_minor, currency)).format()))
    rows.append(("Minimum balance", (-account.minimum).format()))
    return [*rows, ("Available", account.available.format())]


def costs(session: Session, account: AccountFacts, mode: str) -> bool:
    """Whether the page must tell a fee before posting; without one nothing is asked for while typing."""
    kind = TransactionKind.DEPOSIT if mode == "deposit" else TransactionKind.WITHDRAWAL
    return transactions.has_fee(session, kind, organisation.business_date(session, account.branch_id))


def charge_of(session: Session, account: AccountFacts, mode: str, amount: Money) -> Charge:
    """What posting this amount would cost."""
    kind = TransactionKind.DEPOSIT if mode == "deposit" else TransactionKind.WITHDRAWAL
    day = organisation.business_date(session, account.branch_id)
    return savings.charge_for(session, account, kind, amount, day, "counter")


def preview(
    session: Session, actor: Actor, clock: Clock, account: AccountFacts, mode: str, amount: Money
) -> list[tuple[str, str]]:
    """Amount, fee and balance after, as they would be if it were posted now, and who must agree before. Raises OwnAccount."""
    require_colleague_of(actor, account.member_id)
    rows = effects(session, account, mode, amount)
    if mode == "withdraw":
        day = organisation.business_date(session, account.branch_id)
        needed = checkers_foreseen(session, actor, clock, account, amount, day)
        if needed:
            people = "a second person" if needed == 1 else f"{needed} other people"
            rows.append(("Not paid at once", f"It needs {people}: the amount is held until they agree"))
    return rows


def effects(session: Session, account: AccountFacts, mode: str, amount: Money) -> list[tuple[str, str]]:
    """Amount, fee and duty, what the account holds afterwards, and the notes to pay it with."""
    charge = charge_of(session, account, mode, amount)
    rows = [("Amount", str(amount)), ("Fee", str(charge.fee) if charge.fee else "none")]
    if charge.duty:
        rows.append(("Excise duty on the fee", str(charge.duty)))
    if mode == "deposit":
        return [*rows, ("Balance after", str(account.ledger_balance + amount - charge.total))]
    taken = amount + charge.total
    rows += [("Taken from the account", str(taken)), ("Balance after", str(account.ledger_balance - taken))]
    return [*rows, ("In notes and coins", notes(amount))]


def notes(amount: Money) -> str:
    """The fewest notes and coins for an amount, in words, with what none of them covers."""
    counts = rules.payout(amount)
    words, left = rules.counts_in_words(counts, amount.currency), amount.minor - rules.counted(counts)
    return " + ".join(filter(None, (words, f"{Money(left, amount.currency).format()} without a coin" if left else "")))


def asks_source(session: Session, form: Any, day: date) -> Money | None:
    """The limit from which a deposit says where the money comes from, if this one is so large."""
    amount = form.amount.data if form is not None else None
    if not isinstance(amount, Money):
        return None
    limit = source_limit(session, amount, day)
    return limit if amount >= limit else None


def posted(session: Session, actor: Actor, transaction_id: UUID) -> Posted:
    """The receipt panel. Raises NotFound."""
    row = transactions.get_row(session, actor, transaction_id)
    amount = Money(row.amount_minor, CURRENCIES[row.currency])
    return Posted(
        title=TITLES[TransactionKind(row.kind)],
        amount=amount,
        charge=transactions.charge_of(row),
        member=f"{row.member_number} {row.member_name}",
        account_id=row.account_id,
        account_number=row.account_number,
        receipt_number=row.receipt_number,
        words=in_words(amount),
        url=url_for("transactions.show_transaction", transaction_id=row.id),
        receipt_url=url_for("transactions.show_receipt", transaction_id=row.id),
    )


@dataclass(frozen=True, slots=True)
class Payout:
    """An approved withdrawal before the cash goes out."""

    request_id: UUID
    account: AccountFacts
    amount: Money
    rows: list[tuple[str, str]]


def payout(session: Session, actor: Actor, request_id: UUID) -> Payout | None:
    """What the actor may pay out now; None when it is not approved or no longer waits. Raises NotFound."""
    asked = approvals.get_request(session, actor, request_id)
    if asked.kind != WITHDRAW or asked.maker_id != actor.user_id:
        raise NotFound(what="withdrawal")
    if asked.status != ApprovalStatus.APPROVED:
        return None
    command: CashWithdrawal = approvals.command_of(asked)
    account = savings.get_account(session, actor, command.account_id)
    payee = " · ".join(filter(None, (command.party_name, command.party_phone)))
    agreed = [one.checker_name for one in approvals.decisions(session, asked.id) if one.decision == "approve"]
    rows = [
        ("Who collects", payee or "The member alone: compare face and signature"),
        *((("Authority seen", command.authority),) if command.authority else ()),
        *effects(session, account, "withdraw", command.amount),
        ("Approved by", ", ".join(agreed)),
    ]
    return Payout(asked.id, account, command.amount, rows)


def open_offers(session: Session, till: TillSession) -> list[MoveFacts]:
    """Cash on its way to or from the till."""
    return queries.move_facts(session, queries.open_moves_of(session, till.id))


def side(session: Session, actor: Actor, till: TillSession) -> dict[str, Any]:
    """The till, what waits for approval, and what this till did today."""
    currency = CURRENCIES[till.currency]
    cash, limit = Money(till.balance_minor, currency), Money(till.limit_minor, currency)
    rows = [
        [
            {
                "text": row.receipt_number.rsplit("-", maxsplit=1)[-1],
                "url": url_for("transactions.show_transaction", transaction_id=row.id),
            },
            TITLES[TransactionKind(row.kind)],
            Money(row.amount_minor, currency),
        ]
        for row in transactions.newest_of_till(session, till.id, NEWEST)
    ]
    return {
        "till": till,
        "till_cash": cash,
        "till_limit": limit,
        "blind": queries.is_blind(till),
        "excess": cash - limit if cash > limit and not queries.is_blind(till) else None,
        "offers": open_offers(session, till),
        "waiting": approvals.open_requests_of(session, actor.user_id, WITHDRAW),
        "today": rows,
        "newest": NEWEST,
    }
