"""Global search: members by number, name, phone or NIN; accounts and receipts by number."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sacco_app.home.tables import accounts, in_scope, transactions
from sacco_app.home.types import Hit
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.money import CURRENCIES, Money
from sacco_app.members import queries as member_queries
from sacco_app.webkit.auth import may_open

LIMIT = 20


def find(session: Session, actor: Actor, text: str) -> list[Hit]:
    """What the text may mean, the surest first, only what the actor may open."""
    hits = [*_accounts(session, actor, text), *_transactions(session, actor, text), *_members(session, actor, text)]
    return hits[:LIMIT]


def _members(session: Session, actor: Actor, text: str) -> list[Hit]:
    if not may_open(actor, "members.show_member"):
        return []
    found = member_queries.search(session, actor, text, LIMIT)
    hits = [
        (one.id, f"{one.full_name}", f"{one.number} · {one.phone} · {one.status.replace('_', ' ')}") for one in found
    ]
    return [
        Hit("Member", name, detail, url_for("members.show_member", member_id=member_id))
        for member_id, name, detail in hits
    ]


def _accounts(session: Session, actor: Actor, text: str) -> list[Hit]:
    if not may_open(actor, "savings.show_account"):
        return []
    row = accounts.c
    query = select(row.id, row.number, row.status).where(row.number == text.upper(), in_scope(actor, accounts))
    return [
        Hit("Savings account", one.number, one.status, url_for("savings.show_account", account_id=one.id))
        for one in session.execute(query)
    ]


def _transactions(session: Session, actor: Actor, text: str) -> list[Hit]:
    if not may_open(actor, "transactions.show_transaction") or not any(sign.isdigit() for sign in text):
        return []
    row = transactions.c
    wanted = func.upper(text)
    query = (
        select(row.id, row.number, row.kind, row.amount_minor, row.currency, row.member_name)
        .where(or_(row.number == wanted, row.receipt_number == wanted), in_scope(actor, transactions))
        .limit(LIMIT)
    )
    return [
        Hit(
            one.kind.replace("_", " ").capitalize(),
            one.number,
            f"{Money(one.amount_minor, CURRENCIES[one.currency])} · {one.member_name}",
            url_for("transactions.show_transaction", transaction_id=one.id),
        )
        for one in session.execute(query)
    ]
