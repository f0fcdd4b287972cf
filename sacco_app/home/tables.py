"""The columns of other rooms that the figures count and sum. Read only: the rooms alone write their tables."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Date, String, TableClause, Uuid, column, table, true

from sacco_app.kernel.actor import Actor

members = table(
    "members",
    column("id", Uuid),
    column("number", String),
    column("branch_id", Uuid),
    column("surname", String),
    column("given_names", String),
    column("nin_fingerprint", String),
    column("admitted_on", Date),
)
accounts = table(
    "savings_accounts",
    column("id", Uuid),
    column("number", String),
    column("branch_id", Uuid),
    column("status", String),
)
transactions = table(
    "transactions",
    column("id", Uuid),
    column("branch_id", Uuid),
    column("kind", String),
    column("business_date", Date),
    column("amount_minor", BigInteger),
    column("currency", String),
    column("maker_id", Uuid),
    column("number", String),
    column("receipt_number", String),
    column("member_name", String),
    column("reverses_id", Uuid),
)


def in_scope(actor: Actor, source: TableClause) -> ColumnElement[bool]:
    """The condition for rows of the branches that the actor sees."""
    scope: frozenset[UUID] | None = actor.branch_ids
    branch: Any = source.c.branch_id
    return true() if scope is None else branch.in_(scope)
