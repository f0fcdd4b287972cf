"""Every control account equals the sum of its sub-ledger, account by account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Select,
    String,
    Uuid,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
    values,
)
from sqlalchemy.orm import Session

from sacco_app.ledger.chart import chart
from sacco_app.ledger.models import GlAccount, JournalLine
from sacco_app.ledger.ports import Proof, SubledgerSource, subledgers


def _differences(session: Session) -> Iterator[str]:
    labels = {source.kind: source.label for source in subledgers()}
    if not labels:
        return
    stated, booked = stated_balances(session), _booked()
    names = {account.code: account.name for account in chart(session).by_id.values()}
    for kind, code, identity, says, holds in session.execute(
        union_all(_items(stated, booked), _accounts(stated, booked))
    ):
        if code not in names:
            yield f"account {code}: a sub-ledger names it, the chart does not"
        elif identity is not None:
            says_and_holds = f"the sub-ledger says {int(says):,}, the book {int(holds):,}"
            yield f"{labels[kind]} {identity} on {code}: {says_and_holds}"
        else:
            yield f"account {code} {names[code]}: control {int(holds):,}, sum of its sub-ledgers {int(says):,}"


def stated_balances(session: Session) -> CTE:
    """What the sub-ledgers say: kind, code, id, minor."""
    parts = [_rows(session, source) for source in subledgers()]
    every = union_all(*parts).subquery()
    keys = (every.c.kind, every.c.code, every.c.id)
    return select(*keys, func.sum(every.c.minor).label("minor")).group_by(*keys).cte("stated")


def _rows(session: Session, source: SubledgerSource) -> Select[Any]:
    given = source.balances(session)
    if isinstance(given, Select):
        rows = given.subquery()
        code, identity, minor = rows.c
    else:
        shape = values(column("code", String), column("id", Uuid), column("minor", BigInteger), name="told")
        code, identity, minor = shape.data([tuple(row) for row in given] or [(None, None, None)]).c
    typed = ((code, String, "code"), (identity, Uuid, "id"), (minor, BigInteger, "minor"))
    named = [cast(value, kind).label(name) for value, kind, name in typed]
    return select(literal(source.kind, String).label("kind"), *named).where(code.is_not(None))


def _booked() -> CTE:
    """What the lines of the book say on each account's normal side, whatever they belong to."""
    keys = (JournalLine.gl_account_id, JournalLine.subledger_kind, JournalLine.subledger_id)
    net = func.sum(JournalLine.debit_minor - JournalLine.credit_minor).label("net")
    sums = select(*keys, net).group_by(*keys).subquery()
    minor = case((GlAccount.normal_side == "D", sums.c.net), else_=-sums.c.net).label("minor")
    return (
        select(sums.c.subledger_kind.label("kind"), GlAccount.code, sums.c.subledger_id.label("id"), minor)
        .join(GlAccount, GlAccount.id == sums.c.gl_account_id)
        .cte("booked")
    )


def _items(stated: CTE, booked: CTE) -> Select[Any]:
    """Single accounts, tills, vaults whose balance is not what the book says."""
    same = and_(booked.c.kind == stated.c.kind, booked.c.code == stated.c.code, booked.c.id == stated.c.id)
    says, holds = func.coalesce(stated.c.minor, 0), func.coalesce(booked.c.minor, 0)
    kind = func.coalesce(stated.c.kind, booked.c.kind)
    code, identity = func.coalesce(stated.c.code, booked.c.code), func.coalesce(stated.c.id, booked.c.id)
    known = or_(stated.c.kind.is_not(None), booked.c.kind.in_([source.kind for source in subledgers()]))
    return (
        select(kind, code, identity, says, holds)
        .select_from(stated.join(booked, same, full=True))
        .where(known, says != holds)
    )


def _accounts(stated: CTE, booked: CTE) -> Select[Any]:
    """Control accounts that do not come to the sum of their sub-ledgers."""
    told = select(stated.c.code, func.sum(stated.c.minor).label("minor")).group_by(stated.c.code).subquery()
    held = select(booked.c.code, func.sum(booked.c.minor).label("minor")).group_by(booked.c.code).subquery()
    holds = func.coalesce(held.c.minor, 0)
    return (
        select(cast(null(), String), told.c.code, cast(null(), Uuid), told.c.minor, holds)
        .select_from(told.outerjoin(held, held.c.code == told.c.code))
        .where(told.c.minor != holds)
    )


def _size(session: Session) -> str:
    count = 0
    if subledgers():
        count = session.scalar(select(func.count()).select_from(stated_balances(session))) or 0
    return f"{count:,} balances of {len(subledgers())} kinds"


CONTROLS = Proof("Controls equal their sub-ledgers", _differences, _size)
