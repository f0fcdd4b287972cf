"""Encrypted fields under the newest key: what a new first key in FIELD_ENCRYPTION_KEY leaves to be done."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, LargeBinary, Table, bindparam, select, type_coerce, update
from sqlalchemy.orm import Session

from sacco_app.kernel import crypto
from sacco_app.kernel.db import Base

BATCH = 500


def sealed_columns() -> list[Column[Any]]:
    """Every encrypted column of every room."""
    tables = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
    return [column for table in tables for column in table.columns if isinstance(column.type, crypto.EncryptedText)]


def reseal(session: Session, column: Column[Any], after: Any = None) -> tuple[int, Any]:
    """Renew the tokens of up to 500 rows behind the key `after`. Returns how many were renewed, and the last row's key.

    The key is None when there was no further row. Raises RuntimeError when a token fits none of the keys.
    """
    table = column.table
    assert isinstance(table, Table)
    (key,) = table.primary_key.columns
    query = select(key, type_coerce(column, LargeBinary)).where(column.is_not(None)).order_by(key).limit(BATCH)
    rows = session.execute((query if after is None else query.where(key > after)).with_for_update()).all()
    renewed = [(row[0], fresh) for row in rows if (fresh := crypto.renew(bytes(row[1]))) is not None]
    for row_key, token in renewed:
        fresh_token = bindparam(None, token, type_=LargeBinary)
        session.execute(update(table).where(key == row_key).values({column.name: fresh_token}))
    return len(renewed), rows[-1][0] if rows else None
