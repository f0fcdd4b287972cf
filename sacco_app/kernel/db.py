"""The declarative base, the column types of the house and the Flask-SQLAlchemy extension object (an engine holder)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, MetaData, Numeric, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from sacco_app.kernel.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]
Minor = Annotated[int, mapped_column(BigInteger)]
Rate = Annotated[Decimal, mapped_column(Numeric(20, 8))]
CurrencyCode = Annotated[str, mapped_column(String(3))]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]


class Base(DeclarativeBase):
    """Every table of the house.

    `__audited__ = False` on a model keeps its rows out of the audit trail (append-only tables, sessions); a column with
    `info={"audit": False}` is not compared (balances, counters: the journal records them), and one with
    `info={"secret": True}` is recorded as changed without its value.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
        datetime: DateTime(timezone=True),
    }
    __audited__: ClassVar[bool] = True


db = SQLAlchemy(metadata=Base.metadata)
