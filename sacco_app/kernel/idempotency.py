"""The same command arriving twice has its effect once; the second arrival gets the first one's result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from sacco_app.kernel.canonical import input_hash
from sacco_app.kernel.db import Base, CreatedAt
from sacco_app.kernel.errors import Conflict
from sacco_app.kernel.ids import new_id
from sacco_app.kernel.prepared import Statement


class IdempotencyRecord(Base):
    """One command that was carried out: who asked, with what input, and what came of it."""

    __tablename__ = "idempotency"
    __audited__ = False
    __table_args__ = (UniqueConstraint("scope", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    scope: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(120))
    input_hash: Mapped[str] = mapped_column(String(64))
    result_ref: Mapped[str] = mapped_column(String(120))
    actor_id: Mapped[UUID]
    created_at: Mapped[CreatedAt]


_COLUMNS = ("id", "scope", "key", "input_hash", "result_ref", "actor_id")
_CLAIM = Statement(
    f"INSERT INTO idempotency ({', '.join(_COLUMNS)}) VALUES (%s, %s, %s, %s, %s, %s)"  # noqa: S608 - names of columns
    " ON CONFLICT (scope, key) DO NOTHING RETURNING (SELECT version FROM reference_version)",
    [IdempotencyRecord.__table__.c[name].type for name in _COLUMNS],
)
_EARLIER = select(IdempotencyRecord.input_hash, IdempotencyRecord.result_ref).where(
    IdempotencyRecord.scope == bindparam("of_scope"), IdempotencyRecord.key == bindparam("of_key")
)


class IdempotencyKeyReused(Conflict):
    """The key was used before for a different input."""

    code = "idempotency.key_reused"
    template = "This form was already used for something else: open a new one and repeat"


@dataclass(frozen=True, slots=True)
class Claim:
    """`replayed` tells that the command was carried out before; `result_ref` is then what it gave."""

    result_ref: str
    replayed: bool


def claim(session: Session, scope: str, key: str, command: Any, *, result_ref: str, actor_id: UUID) -> Claim:
    """Take the key or learn that it is taken. The unique row decides: a concurrent twin waits here for the first.

    Raises IdempotencyKeyReused when the key was used with another input. One round trip for a new key; the same one
    brings the version of the reference data (see `kernel.reference`).
    """
    digest = input_hash(command)
    row = _CLAIM.run(session, [new_id(), scope, key, digest, result_ref, actor_id]).first()
    if row is not None:
        session.info["reference"] = row[0]
        return Claim(result_ref, replayed=False)
    earlier = session.execute(_EARLIER, {"of_scope": scope, "of_key": key}).one()
    if earlier.input_hash != digest:
        raise IdempotencyKeyReused
    return Claim(earlier.result_ref, replayed=True)
