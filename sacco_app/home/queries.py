"""True figures for the start page, in the branches that the actor sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session

from sacco_app.approvals.queries import for_checker
from sacco_app.home.tables import in_scope, transactions
from sacco_app.home.types import DayFlow
from sacco_app.kernel.actor import Actor
from sacco_app.kernel.db import Base
from sacco_app.teller import queries as teller

PAID_IN = ("deposit",)
PAID_OUT = ("withdrawal",)


def flows(session: Session, actor: Actor, until: date, days: int, maker_id: UUID | None = None) -> list[DayFlow]:
    """What came in and went out on the last `days` business dates that had transactions, oldest first."""
    row = transactions.c
    twin = transactions.alias().c
    taken_back = select(twin.reverses_id).where(twin.reverses_id.is_not(None))
    paid_in = func.coalesce(func.sum(case((row.kind.in_(PAID_IN), row.amount_minor), else_=0)), 0)
    paid_out = func.coalesce(func.sum(case((row.kind.in_(PAID_OUT), row.amount_minor), else_=0)), 0)
    query = (
        select(row.business_date, paid_in, paid_out, func.count())
        .where(in_scope(actor, transactions), row.business_date <= until, row.id.not_in(taken_back))
        .group_by(row.business_date)
        .order_by(row.business_date.desc())
        .limit(days)
    )
    if maker_id is not None:
        query = query.where(row.maker_id == maker_id)
    found = [
        DayFlow(day, int(inward), int(outward), int(count)) for day, inward, outward, count in session.execute(query)
    ]
    return found[::-1]


def today(flow: Sequence[DayFlow], day: date) -> DayFlow:
    """The flow of one day; zeros when nothing happened."""
    return next((one for one in flow if one.day == day), DayFlow(day, 0, 0, 0))


def cash_by_till(session: Session, actor: Actor) -> list[tuple[str, int]]:
    """The cash that the book has in each till, in minor units; a closed till holds none. One being counted is left out."""
    tills = [(till, live) for till, live in teller.tills(session, actor) if not live or not teller.is_blind(live)]
    return [(till.code, live.balance_minor if live else 0) for till, live in tills]


def tills_counted(session: Session, actor: Actor) -> int:
    """How many tills are being counted, blind."""
    return sum(live is not None and teller.is_blind(live) for _, live in teller.tills(session, actor))


def waiting_for(session: Session, actor: Actor, limit: int = 6) -> list[Row[Any]]:
    """The oldest requests that this actor could decide."""
    requests = Base.metadata.tables["approval_requests"].c
    query = select(
        requests.id, requests.summary, requests.amount_minor, requests.currency, requests.maker_name, requests.made_at
    )
    return list(session.execute(query.where(for_checker(actor)).order_by(requests.made_at).limit(limit)))
