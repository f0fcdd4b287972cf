"""What a transaction writes and never reads back, gathered and written in one statement.

A deposit writes a transaction, a receipt, a journal, its lines and an outbox row, and moves the balances of an account
and a till. Nothing of it is read again before the commit, so it travels as one statement of data-modifying CTEs: one
round trip instead of eight. Foreign keys between the rows hold: PostgreSQL checks them at the end of the statement.

The statement depends only on which tables get how many rows of which columns. It is made once for each such shape and
kept, also by PostgreSQL: building and parsing it anew cost more than everything else in a deposit together.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Column, Table, inspect
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.exc import StaleDataError

from sacco_app.kernel.db import Base
from sacco_app.kernel.prepared import Statement

SHAPES = 500


class Write(NamedTuple):
    """One CTE: so many new rows of a table or, with a `key`, new values for the one row that has this key."""

    table: Table
    columns: tuple[str, ...]
    rows: int
    key: str = ""


def append(session: Session, model: type[Base], **values: Any) -> None:
    """Queue one row of an append-only table; it is written before the commit, or by `flush`. Every column is named."""
    session.info["appends"].append((model, values))


def flush(session: Session) -> None:
    """Write what is queued, in one statement, after the ORM's own flush."""
    session.flush()
    _write(session, [])


def finish(session: Session) -> None:
    """Write everything that is left, balances and counters included: the last statement before the commit.

    Rows of which nothing but such columns changed leave the session, so that the ORM does not write them once more.
    """
    moved = _moved(session)
    session.flush()
    _write(session, moved)


def _moved(session: Session) -> list[tuple[Write, dict[str, Any]]]:
    moved = []
    for row in session.dirty:
        state = inspect(row)
        mapper: Mapper[Any] = state.mapper
        columns = {name: mapper.columns.get(name) for name in state.committed_state}
        if not columns or len(mapper.primary_key) != 1 or not all(map(_is_counter, columns.values())):
            continue
        names, key = tuple(sorted(columns)), mapper.primary_key[0].name
        values = {name: state.dict[name] for name in names} | {key: state.identity[0]}  # type: ignore[index]
        moved.append((Write(mapper.local_table, names, 1, key), values))  # type: ignore[arg-type]
        session.expunge(row)
    return moved


def _is_counter(column: Column[Any] | None) -> bool:
    """A column that the audit trail leaves out, because a journal tells its story."""
    return column is not None and column.info.get("audit") is False


def _write(session: Session, moved: list[tuple[Write, dict[str, Any]]]) -> None:
    queued: list[tuple[type[Base], dict[str, Any]]] = session.info["appends"]
    if not queued and not moved:
        return
    session.info["appends"] = []
    groups: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = {}
    for model, values in queued:
        groups.setdefault((model.__table__, tuple(values)), []).append(values)  # type: ignore[arg-type]
    shape = (*(Write(*what, len(rows)) for what, rows in groups.items()), *(write for write, _ in moved))
    bound = [value for rows in groups.values() for row in rows for value in row.values()]
    bound += [value for _, values in moved for value in values.values()]
    if _statement(shape).run(session, bound).scalar() != len(moved):
        raise StaleDataError("a row whose balance moved is gone")


@lru_cache(SHAPES)
def _statement(shape: tuple[Write, ...]) -> Statement:
    """The statement of a shape: names come from our own models, values are bound."""
    writes, types, moves = [], [], ["0"]
    for number, (table, columns, rows, key) in enumerate(shape):
        names = (*columns, key) if key else columns
        types += [table.c[name].type for name in names] * rows
        if key:
            values = ", ".join(f"{name} = %s" for name in columns)
            writes.append(f"UPDATE {table.name} SET {values} WHERE {key} = %s RETURNING 1")  # noqa: S608
            moves.append(f"(SELECT count(*) FROM write_{number})")  # noqa: S608
        else:
            one = f"({', '.join(['%s'] * len(columns))})"
            writes.append(f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES {', '.join([one] * rows)}")  # noqa: S608
    with_ = ", ".join(f"write_{number} AS ({write})" for number, write in enumerate(writes))
    return Statement(f"WITH {with_} SELECT {' + '.join(moves)}", types)
