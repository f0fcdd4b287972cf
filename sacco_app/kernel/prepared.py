"""Statements of the money paths that PostgreSQL parses and plans once for each connection, not each time.

psycopg2 prepares nothing by itself, so this speaks SQL's own PREPARE and EXECUTE. A statement that was asked for often
enough is prepared on the connection where it is wanted next; until then it goes as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from sqlalchemy import CursorResult, Uuid
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

OFTEN = 5
_DIALECT = PGDialect_psycopg2()  # type: ignore[no-untyped-call]
_numbers = count(1)


class Statement:
    """SQL with `%s` for each value, and the types of these values, in order."""

    def __init__(self, sql: str, types: Sequence[TypeEngine[Any]]) -> None:
        places = ", ".join(["%s"] * len(types))
        self._name = f"kept_{next(_numbers)}"
        self._plain = sql
        self._prepare = f"PREPARE {self._name} AS {sql % tuple(f'${number}' for number in range(1, len(types) + 1))}"
        self._execute = f"EXECUTE {self._name} ({places})"
        self._converters = [(number, how) for number, kind in enumerate(types) if (how := _converter(kind))]
        self._asked = 0

    def run(self, session: Session, values: list[Any]) -> CursorResult[Any]:
        """Run it with these values in the session's transaction."""
        for number, convert in self._converters:
            if values[number] is not None:
                values[number] = convert(values[number])
        connection = session.connection()
        self._asked += 1
        if self._asked <= OFTEN:
            return connection.exec_driver_sql(self._plain, tuple(values))
        known: set[str] = connection.info.setdefault("prepared", set())
        if self._name not in known:
            connection.exec_driver_sql(self._prepare)
            known.add(self._name)
        return connection.exec_driver_sql(self._execute, tuple(values))


def _converter(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What the type does to a value on its way; a UUID goes as text, which psycopg2 quotes faster than its own."""
    return str if isinstance(kind, Uuid) else kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)
