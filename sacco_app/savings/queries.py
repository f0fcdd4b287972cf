"""Reads of the savings room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, false, func, literal, select
from sqlalchemy.orm import Session

from sacco_app.access import queries as access
from sacco_app.kernel import reference
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.errors import NotFound
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.ledger import queries as ledger
from sacco_app.ledger.chart import chart
from sacco_app.ledger.types import SubledgerLine
from sacco_app.members import queries as members
from sacco_app.savings.errors import AccountUnknown
from sacco_app.savings.models import SavingsAccount, SavingsHold, SavingsProduct
from sacco_app.savings.types import SUBLEDGER, AccountFacts, AccountStatus, Hold, HoldOrder, Receiver
from sacco_app.transactions import queries as transactions
from sacco_app.transactions.types import Charge, TransactionKind


@dataclass(frozen=True, slots=True)
class Product:
    """A product as the money path needs it."""

    id: UUID
    code: str
    name: str
    currency: str
    min_balance_minor: int
    min_opening_minor: int
    dormancy_days: int
    is_active: bool


def _load_products(session: Session) -> dict[str, Product]:
    names = Product.__dataclass_fields__
    rows = session.scalars(select(SavingsProduct).order_by(SavingsProduct.code))
    return {row.code: Product(**{name: getattr(row, name) for name in names}) for row in rows}


def products(session: Session) -> dict[str, Product]:
    """The products by code."""
    return reference.get(session, "savings.products", _load_products)


def product_choices(session: Session) -> list[tuple[str, str]]:
    """Codes and names, for select fields."""
    return [(product.code, f"{product.code} {product.name}") for product in products(session).values()]


def in_scope(actor: Actor) -> Select[SavingsAccount]:
    """The accounts of the branches that the actor serves."""
    query = select(SavingsAccount)
    return query if actor.branch_ids is None else query.where(SavingsAccount.branch_id.in_(actor.branch_ids))


def facts(session: Session, row: SavingsAccount) -> AccountFacts:
    """An account's row as facts."""
    currency, product = CURRENCIES[row.currency], products(session)[row.product_code]
    return AccountFacts(
        id=row.id,
        number=row.number,
        member_id=row.member_id,
        branch_id=row.branch_id,
        product_code=row.product_code,
        product_name=product.name,
        status=row.status,
        ledger_balance=Money(row.ledger_balance_minor, currency),
        held=Money(row.held_minor, currency),
        minimum=Money(minimum_of(row, product), currency),
        opened_on=row.opened_on,
        last_activity_on=row.last_activity_on,
        dormant_after=(row.last_activity_on or row.opened_on) + timedelta(days=product.dormancy_days),
        debits_from=row.debits_from,
        closed_on=row.closed_on,
    )


def minimum_of(row: SavingsAccount, product: Product) -> int:
    """What must stay on the account, in minor units; one that is being closed pays out everything."""
    return 0 if row.status == AccountStatus.CLOSING else product.min_balance_minor


def owner_of(session: Session, account_id: UUID) -> UUID | None:
    """The member whose account this is; None when it is no savings account."""
    return session.scalar(select(SavingsAccount.member_id).where(SavingsAccount.id == account_id))


def get_account(session: Session, actor: Actor, account_id: UUID) -> AccountFacts:
    """One account in the actor's scope. Raises NotFound."""
    row = session.scalars(in_scope(actor).where(SavingsAccount.id == account_id)).first()
    if row is None:
        raise NotFound(what="savings account")
    return facts(session, row)


def find_by_number(session: Session, actor: Actor, number: str) -> AccountFacts:
    """An account by its number. Raises AccountUnknown."""
    row = session.scalars(in_scope(actor).where(SavingsAccount.number == number.strip().upper())).first()
    if row is None:
        raise AccountUnknown(number=number)
    return facts(session, row)


def accounts_of(session: Session, actor: Actor, member_id: UUID) -> list[AccountFacts]:
    """A member's accounts, oldest first."""
    query = in_scope(actor).where(SavingsAccount.member_id == member_id).order_by(SavingsAccount.number)
    return [facts(session, row) for row in session.scalars(query)]


def accounts_of_member(session: Session, member_id: UUID) -> list[AccountFacts]:
    """The member's own accounts in whatever branch, for the member: ledger balance, held and available, oldest first."""
    query = select(SavingsAccount).where(SavingsAccount.member_id == member_id).order_by(SavingsAccount.number)
    return [facts(session, row) for row in session.scalars(query)]


def account_of_member(session: Session, member_id: UUID, account_id: UUID) -> AccountFacts:
    """One of the member's own accounts. Raises NotFound, also for the account of somebody else."""
    row = session.get(SavingsAccount, account_id)
    if row is None or row.member_id != member_id:
        raise NotFound(what="savings account")
    return facts(session, row)


def mini_statement(session: Session, account_id: UUID, limit: int = 5, *, member_id: UUID) -> list[SubledgerLine]:
    """The last movements of the member's own account, newest first, each with the balance after it. Raises NotFound."""
    account = account_of_member(session, member_id, account_id)
    return ledger.latest_subledger_lines(session, SUBLEDGER, account.id, limit)


def find_receiver(session: Session, actor: Actor, number: str) -> Receiver:
    """Whom a member would pay, to be confirmed before sending. Raises AccountUnknown, also for a closed account."""
    query = select(SavingsAccount).where(
        SavingsAccount.number == number.strip().upper(), SavingsAccount.status == AccountStatus.ACTIVE
    )
    row = session.scalars(query).first()
    if row is None:
        raise AccountUnknown(number=number)
    owner = members.get_member(session, row.member_id)
    return Receiver(row.id, row.number, owner.masked_name, is_own=row.member_id == actor.member_id)


def charge_for(
    session: Session, account: AccountFacts, kind: TransactionKind, amount: Money, day: date, channel: str
) -> Charge:
    """What a transaction on this account costs on a business date (handbook 1.7, fee rules).

    What an account that is being closed pays out is free, so that it can be emptied to the last coin.
    """
    if account.status == AccountStatus.CLOSING:
        return Charge.none(amount.currency)
    return transactions.charge_for(session, kind, amount, day, product=account.product_code, channel=channel)


def open_holds(session: Session, account_id: UUID) -> list[SavingsHold]:
    """The holds that are not released."""
    query = select(SavingsHold).where(SavingsHold.account_id == account_id, SavingsHold.released_at.is_(None))
    return list(session.scalars(query.order_by(SavingsHold.placed_at)))


def holds_shown(session: Session, account_id: UUID, *, released: bool = False) -> list[Hold]:
    """The holds on an account with who ordered and who placed them, the earliest first; without those let go."""
    query = select(SavingsHold, SavingsAccount.currency).join(
        SavingsAccount, SavingsAccount.id == SavingsHold.account_id
    )
    query = query.where(SavingsHold.account_id == account_id)
    if not released:
        query = query.where(SavingsHold.released_at.is_(None))
    rows = session.execute(query.order_by(SavingsHold.placed_at)).all()
    names = access.names(session, [row.placed_by for row, _ in rows])
    return [
        Hold(
            row.id,
            Money(row.amount_minor, CURRENCIES[currency]),
            row.reason,
            HoldOrder(row.ordered_by) if row.ordered_by else None,
            row.placed_at,
            names[row.placed_by] if row.placed_by else "",
            row.placed_by,
        )
        for row, currency in rows
    ]


def totals(session: Session, actor: Actor) -> list[tuple[str, int, int]]:
    """For each product that has accounts: code, how many, sum of balances in minor units. Closed ones do not count."""
    query = (
        select(
            SavingsAccount.product_code, func.count(), func.coalesce(func.sum(SavingsAccount.ledger_balance_minor), 0)
        )
        .where(SavingsAccount.status != AccountStatus.CLOSED)
        .group_by(SavingsAccount.product_code)
    )
    if actor.branch_ids is not None:
        query = query.where(SavingsAccount.branch_id.in_(actor.branch_ids))
    return [(code, count, int(total)) for code, count, total in session.execute(query)]


def account_of_hold(session: Session, actor: Actor, hold_id: UUID) -> UUID:
    """The account in the actor's scope that a hold is on. Raises NotFound."""
    account_id = session.scalar(select(SavingsHold.account_id).where(SavingsHold.id == hold_id))
    if account_id is None:
        raise NotFound(what="hold")
    return get_account(session, actor, account_id).id


def of_branch(branch_id: str) -> ColumnElement[bool]:
    """The condition for accounts of a branch; one that is no branch has none."""
    try:
        return SavingsAccount.branch_id == UUID(branch_id)
    except ValueError:
        return false()


def total_by_product(session: Session, actor: Actor) -> list[tuple[str, int, int]]:
    """For each product: name, number of accounts, sum of balances in minor units."""
    names = products(session)
    return [(names[code].name, count, total) for code, count, total in totals(session, actor)]


def subledger_balances(session: Session) -> Select[str, UUID, int]:
    """Every account's balance with the code of its control account, for the proof of the book."""
    book = chart(session)
    controls = {code: book.leg("J-04", code, "savings").code for code in products(session)}
    control = case(controls, value=SavingsAccount.product_code) if controls else literal("")
    return select(control, SavingsAccount.id, SavingsAccount.ledger_balance_minor)
