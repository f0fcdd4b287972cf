"""Values on the wire: money as a decimal string with its currency, instants with their offset."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import marshmallow as ma

from sacco_app.api.schemas.common import Matching, OutSchema
from sacco_app.kernel.clock import KAMPALA
from sacco_app.kernel.money import CURRENCIES, Money, MoneyNotUnderstood

AMOUNT = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?$"
POSITIVE_AMOUNT = r"^([1-9][0-9]{0,11}(\.[0-9]{1,2})?|0\.(0[1-9]|[1-9][0-9]?))$"


class MoneySchema(OutSchema):
    """An exact amount: digits as text, with the decimals of its currency (none for UGX, two for KES)."""

    amount = ma.fields.String(
        required=True,
        metadata={"description": "Decimal digits, never a JSON number", "pattern": AMOUNT, "examples": ["50000"]},
    )
    currency = ma.fields.String(
        required=True, validate=ma.validate.OneOf(sorted(CURRENCIES)), metadata={"examples": ["UGX"]}
    )

    @ma.pre_dump
    def to_wire(self, money: Money, **_kwargs: Any) -> dict[str, str]:
        amount = f"{money.decimal:.{money.currency.exponent}f}"
        return {"amount": amount, "currency": money.currency.code}


def money(shown: str, note: str = "", attribute: str | None = None) -> ma.fields.Nested:
    """Money that goes out; `shown` is the amount of the document's example."""
    metadata: dict[str, Any] = {"examples": [{"amount": shown, "currency": "UGX"}]}
    metadata |= {"description": note} if note else {}
    return ma.fields.Nested(MoneySchema, required=True, attribute=attribute, metadata=metadata)


class PositiveMoneySchema(OutSchema):
    """An amount above zero that comes in; decimals beyond those of the currency are refused, not rounded."""

    class Meta:
        unknown = ma.RAISE

    amount = Matching(POSITIVE_AMOUNT, wanted="Digits above zero, like 50000", example="50000", required=True)
    currency = ma.fields.String(
        required=True, validate=ma.validate.OneOf(sorted(CURRENCIES)), metadata={"examples": ["UGX"]}
    )

    @ma.post_load
    def to_money(self, data: dict[str, str], **_kwargs: Any) -> Money:
        try:
            money = Money.parse(data["amount"], CURRENCIES[data["currency"]])
        except MoneyNotUnderstood as error:
            raise ma.ValidationError(error.message, "amount") from error
        return money


class LocalInstant(ma.fields.DateTime):
    """An instant with the offset of Kampala: `2026-11-23T09:00:00+03:00`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(KAMPALA).isoformat(timespec="seconds")
