"""Row locks, taken first, together and in one order, so that no two commands can wait for each other in a ring."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, Text, bindparam, func, inspect, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ExecutableOption

from sacco_app.kernel.db import Base
from sacco_app.kernel.errors import NotFound

M = TypeVar("M", bound=Base)


class LockRank(IntEnum):
    """The order in which kinds of row are locked."""

    PERIOD = 10
    APPROVAL = 15
    BRANCH = 20
    MEMBER = 30
    CREDENTIAL = 35
    SAVINGS_ACCOUNT = 40
    SHARE_ACCOUNT = 50
    LOAN = 60
    VAULT = 70
    TILL = 80
    TILL_SESSION = 85
    CASH_MOVE = 87
    CASH_COUNT = 88
    BANKING = 89
    FLOAT = 90


@dataclass(frozen=True)
class LockRequest:
    """Rows of one table to lock; `options` load what is read with them (joined, inside the room)."""

    rank: LockRank
    model: type[Base]
    ids: tuple[UUID, ...]
    options: Sequence[ExecutableOption] = ()


class Locked:
    """The rows that were locked, by model and id."""

    def __init__(self) -> None:
        self._rows: dict[tuple[type[Base], UUID], Base] = {}

    def add(self, model: type[Base], identity: UUID, row: Base) -> None:
        self._rows[model, identity] = row

    def one(self, model: type[M], identity: UUID) -> M:
        """The locked row; NotFound if it does not exist."""
        row = self._rows.get((model, identity))
        if row is None:
            raise NotFound(what=model.__tablename__, id=str(identity))
        return row  # type: ignore[return-value]


def acquire(session: Session, requests: Iterable[LockRequest]) -> Locked:
    """Lock every row asked for with one SELECT ... FOR UPDATE per table, sorted by rank, then id. Rows are re-read."""
    merged: dict[tuple[LockRank, str], tuple[type[Base], set[UUID], list[ExecutableOption]]] = {}
    for request in requests:
        key = (request.rank, request.model.__tablename__)
        model, ids, options = merged.setdefault(key, (request.model, set(), []))
        ids.update(request.ids)
        options.extend(request.options)
    locked = Locked()
    for key in sorted(merged):
        model, ids, options = merged[key]
        for row in session.scalars(_locking(model, tuple(dict.fromkeys(options))), {"ids": sorted(ids)}):
            locked.add(model, inspect(row).identity[0], row)
    return locked


@lru_cache
def _locking(model: type[M], options: tuple[ExecutableOption, ...]) -> Select[M]:
    identity: Any = inspect(model).primary_key[0]
    query = select(model).where(identity == func.any(bindparam("ids", type_=ARRAY(identity.type)))).order_by(identity)
    return query.options(*options).with_for_update(of=model).execution_options(populate_existing=True)


def take_turns(session: Session, names: Iterable[str]) -> None:
    """Let one transaction at a time go on for each name, until it ends: for sums over rows that are still to be written.

    Taken after every row lock, sorted, so that nobody who waits here is waited for; in one statement, row by row.
    """
    ordered = sorted(set(names))
    if ordered:
        wanted = func.unnest(array(ordered, type_=Text)).table_valued("name")
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(wanted.c.name, 0))))
