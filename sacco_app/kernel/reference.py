"""Reference data (posting profiles, fee rules, limits, parameters) is read on every money path and changes rarely.

It is kept in each process and trusted as long as its version stands. The version is one row in the database, read in
the round trip that claims the idempotency key; whoever changes reference data calls `bump` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import SmallInteger, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from sacco_app.kernel.db import Base

T = TypeVar("T")
_kept: dict[str, tuple[UUID, Any]] = {}


class ReferenceVersion(Base):
    """The one row whose value changes whenever reference data does."""

    __tablename__ = "reference_version"
    __audited__ = False

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    version: Mapped[UUID]


def current(session: Session) -> UUID:
    """The version that this transaction sees; a page that only reads asks once as well."""
    version: UUID | None = session.info.get("reference")
    if version is not None:
        return version
    reading = session.get_transaction()
    seen: tuple[object, UUID] | None = session.info.get("reference_seen")
    if seen is not None and reading is not None and seen[0] is reading:
        return seen[1]
    version = session.scalars(select(ReferenceVersion.version)).one()
    session.info["reference_seen"] = (session.get_transaction(), version)
    if session.info.get("in_transaction"):
        session.info["reference"] = version
    return version


def get(session: Session, name: str, load: Callable[[Session], T]) -> T:
    """The reference data called `name`: from this process if its version still stands, else by `load`.

    What `load` returns must be immutable (frozen dataclasses, tuples, mappings of them): it outlives the session.
    """
    version = current(session)
    held = _kept.get(name)
    if held is not None and held[0] == version:
        return held[1]  # type: ignore[no-any-return]
    value = load(session)
    _kept[name] = (version, value)
    return value


def bump(session: Session) -> None:
    """Say that reference data changed. Every process reads anew from its next transaction on."""
    session.flush()
    version = uuid4()
    session.execute(update(ReferenceVersion).where(ReferenceVersion.id == 1).values(version=version))
    session.info["reference"] = version
