"""Insert-only rows, gathered and written in one statement.

A deposit writes a transaction, a receipt, a journal, its lines, an outbox row and an audit row. None of them is read
back, so they travel as one statement of data-modifying CTEs: one round trip instead of six. Foreign keys between the
rows hold, because PostgreSQL checks them at the end of the statement.

The statement's text depends only on which tables get how many rows of which columns. It is made once for each such shape
and kept: building it anew through the expression language cost more than everything else in a deposit together.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Table, TextClause, bindparam, text
from sqlalchemy.orm import Session

from sacco_app.kernel.db import Base

Shape = tuple[tuple[Table, tuple[str, ...], int], ...]
SHAPES = 500


def append(session: Session, model: type[Base], **values: Any) -> None:
    """Queue one row of an append-only table; it is written before the commit, or by `flush`. Every column is named."""
    session.info["appends"].append((model, values))


def flush(session: Session) -> set[str]:
    """Write what is queued, in one statement, after the ORM's own flush.

    Returns the names of the tables that this transaction has written so far.
    """
    session.flush()
    written: set[str] = session.info.setdefault("appended", set())
    queued: list[tuple[type[Base], dict[str, Any]]] = session.info["appends"]
    if not queued:
        return written
    session.info["appends"] = []
    groups: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = {}
    for model, values in queued:
        groups.setdefault((model.__table__, tuple(sorted(values))), []).append(values)  # type: ignore[arg-type]
    shape = tuple((table, columns, len(rows)) for (table, columns), rows in groups.items())
    parameters = {
        _parameter(group, number, column): value
        for group, rows in enumerate(groups.values())
        for number, row in enumerate(rows)
        for column, value in row.items()
    }
    session.execute(_statement(shape), parameters)
    written.update(table.name for table, _ in groups)
    return written


def _parameter(group: int, row: int, column: str) -> str:
    return f"w{group}_{row}_{column}"


@lru_cache(SHAPES)
def _statement(shape: Shape) -> TextClause:
    """The statement of a shape: names come from our own models, values are bound and typed by their columns."""
    writes, bound = [], []
    for group, (table, columns, rows) in enumerate(shape):
        tuples = []
        for row in range(rows):
            names = [_parameter(group, row, column) for column in columns]
            tuples.append(f"({', '.join(f':{name}' for name in names)})")
            bound += [bindparam(name, type_=table.c[column].type) for name, column in zip(names, columns, strict=True)]
        into = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES {', '.join(tuples)}"  # noqa: S608
        writes.append(f"write_{group} AS ({into})")
    return text(f"WITH {', '.join(writes)} SELECT 1").bindparams(*bound)
