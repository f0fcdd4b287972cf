"""Frozen dataclasses as canonical JSON and back: stored commands, events, and the hash of a command's input."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

from sacco_app.kernel.money import CURRENCIES, Money

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """JSON-ready form. Money becomes {minor, currency}; Decimal, UUID and dates become text."""
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency.code}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [to_plain(item) for item in items]
    return value


def from_plain(kind: Any, value: Any) -> Any:
    """Rebuild what `to_plain` wrote, guided by the type `kind` (dataclass, Money, UUID, date, Decimal, tuple, X | None)."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        inner = [option for option in typing.get_args(kind) if option is not type(None)]
        return None if value is None else from_plain(inner[0], value)
    if origin in (tuple, list, frozenset):
        return origin(from_plain(typing.get_args(kind)[0], item) for item in value)
    if origin is dict:
        return {key: from_plain(typing.get_args(kind)[1], item) for key, item in value.items()}
    if kind is Money:
        return Money(value["minor"], CURRENCIES[value["currency"]])
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        return kind(**{name: from_plain(hints[name], item) for name, item in value.items() if name in hints})
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, (UUID, Decimal, Enum)):
        return kind(value)
    return value


def input_hash(command: Any) -> str:
    """SHA-256 of a command without its idempotency key: the same intention has the same hash."""
    plain = to_plain(command)
    plain.pop("idempotency_key", None)
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
