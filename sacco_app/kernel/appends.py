"""Insert-only rows, gathered and written in one statement.

A deposit writes a transaction, a receipt, a journal, its lines, an outbox row and an audit row. None of them is read
back, so they travel as one statement of data-modifying CTEs: one round trip instead of six. Foreign keys between the
rows hold, because PostgreSQL checks them at the end of the statement.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Insert, insert, literal, select
from sqlalchemy.orm import Session

from sacco_app.kernel.db import Base


def append(session: Session, model: type[Base], **values: Any) -> None:
    """Queue one row of an append-only table; it is written before the commit, or by `flush`."""
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
    by_table: dict[tuple[type[Base], tuple[str, ...]], list[dict[str, Any]]] = {}
    for model, values in queued:
        by_table.setdefault((model, tuple(sorted(values))), []).append(values)
    writes = [_insert(model, rows) for (model, _), rows in by_table.items()]
    statement = select(literal(1))
    for number, write in enumerate(writes):
        statement = statement.add_cte(write.cte(f"write_{number}"))
    session.execute(statement)
    written.update(model.__tablename__ for model, _ in by_table)
    return written


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> Insert:
    return insert(model.__table__).values(rows)  # type: ignore[arg-type]
