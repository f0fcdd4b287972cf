"""Forms of the transactions room."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from wtforms import Field, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from sacco_app.kernel.money import Currency
from sacco_app.transactions.models import FeeRuleRow, LimitRow
from sacco_app.transactions.types import CHANNELS, PLURALS, CountedFor, EndTerm, SetFee, SetLimit
from sacco_app.transactions.words import per_cent
from sacco_app.webkit.fields import DateField, MoneyField, strip
from sacco_app.webkit.forms import SaccoForm

F = (strip,)
Choices = Sequence[tuple[str, str]]
KINDS = list(PLURALS.items())
EVERY_CHANNEL = [("", "Every channel"), *((code, name[0].upper() + name[1:]) for code, name in CHANNELS.items())]
WHY = [InputRequired("Say why, and who decided"), Length(max=200)]


class PerCentField(Field):
    """A share typed as per cent: `1.5` or `1.5 %` is 0.015."""

    widget = TextInput()
    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return per_cent(self.data).removesuffix(" %") if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).replace("%", "").strip() if valuelist else ""
        try:
            self.data = Decimal(text or "0") / 100
        except InvalidOperation as error:
            raise ValidationError("Enter per cent in digits, like 1.5") from error
        if not 0 <= self.data <= 1:
            raise ValidationError("Enter between 0 and 100")


class ReverseForm(SaccoForm):
    reason = StringField("Reason", [InputRequired("Say why"), Length(max=200)], filters=F)


class DatedForm(SaccoForm):
    """From when a term holds, and why."""

    valid_from = DateField("First business date", [InputRequired("Enter the first day")])
    valid_to = DateField("Last business date", [Optional()], description="Empty: until it is changed again")
    reason = StringField("Reason", WHY, filters=F, description="Like “Board minute 14 of 20 Nov 2026”")

    def validate_valid_to(self, field: DateField) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError("The last day is not before the first")


class FeeTermsForm(DatedForm):
    """What a fee is from a day on."""

    flat = MoneyField("Fixed fee", [InputRequired("Enter the fee, or 0")], positive=False)
    rate = PerCentField("Per cent of the amount", [Optional()], description="On top of the fixed fee")
    most = MoneyField("At most", [Optional()], description="Empty: no cap")

    def __init__(self, currency: Currency, row: FeeRuleRow | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.flat.currency = self.most.currency = currency
        self.row = row

    @property
    def shown(self) -> list[Any]:
        return [self.flat, self.rate, self.most, self.valid_from, self.valid_to, self.reason]

    def to_command(self, key: dict[str, Any]) -> SetFee:
        return SetFee(
            **key,
            flat=self.flat.data,
            rate=self.rate.data or Decimal(0),
            most=self.most.data,
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            reason=self.reason.data,
        )


class NewFeeForm(FeeTermsForm):
    """A fee, and for what it holds."""

    kind = SelectField("For", choices=KINDS)
    product = SelectField("Product")
    channel = SelectField("Channel", choices=EVERY_CHANNEL)
    from_amount = MoneyField("From this amount on", [InputRequired("Enter an amount, or 0")], positive=False)

    def __init__(self, currency: Currency, products: Choices, **kwargs: Any) -> None:
        super().__init__(currency, **kwargs)
        self.from_amount.currency = currency
        self.product.choices = [("", "Every product"), *products]

    @property
    def shown(self) -> list[Any]:
        return [self.kind, self.product, self.channel, self.from_amount, *super().shown]

    def key(self) -> dict[str, Any]:
        return {
            "kind": self.kind.data,
            "product": self.product.data or None,
            "channel": self.channel.data or None,
            "from_amount": self.from_amount.data,
        }


class CostForm(SaccoForm):
    """What would it cost?"""

    kind = SelectField("For", choices=KINDS, default="withdrawal")
    product = SelectField("Product")
    channel = SelectField("Channel", choices=EVERY_CHANNEL[1:])
    amount = MoneyField("Amount", [InputRequired("Enter an amount")])
    day = DateField("On", [InputRequired("Enter a day")])

    def __init__(self, currency: Currency, products: Choices, **kwargs: Any) -> None:
        super().__init__(meta={"csrf": False}, **kwargs)
        self.amount.currency = currency
        self.product.choices = list(products) or [("", "Every product")]


class LimitTermsForm(DatedForm):
    """What a limit is from a day on."""

    max_one = MoneyField(
        "In one transaction", [Optional()], positive=False, description="0 switches it off; empty: no limit"
    )
    max_day = MoneyField("In a business day", [Optional()], description="Empty: no limit")
    max_count = IntegerField(
        "How many in a day", [Optional(), NumberRange(1, 10_000, "Between 1 and 10,000")], description="Empty: no limit"
    )

    def __init__(self, currency: Currency, row: LimitRow | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_one.currency = self.max_day.currency = currency
        self.row = row

    @property
    def shown(self) -> list[Any]:
        return [self.max_one, self.max_day, self.max_count, self.valid_from, self.valid_to, self.reason]

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        if good and self.max_one.data is None and self.max_day.data is None and self.max_count.data is None:
            self.max_one.errors = [*self.max_one.errors, "Enter at least one of the three limits"]
            return False
        return good

    def to_command(self, key: dict[str, Any]) -> SetLimit:
        return SetLimit(
            **key,
            max_one=self.max_one.data,
            max_day=self.max_day.data,
            max_count=self.max_count.data,
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            reason=self.reason.data,
        )


class NewLimitForm(LimitTermsForm):
    """A limit, and for whom it holds."""

    kind = SelectField("For", choices=KINDS)
    channel = SelectField("Channel", choices=EVERY_CHANNEL)
    role = SelectField("Posted by", description="One for a role stands in place of the one for everybody")
    counted_for = SelectField("A day is counted for each", choices=[(one.value, one.words) for one in CountedFor])

    def __init__(self, currency: Currency, roles: Choices, **kwargs: Any) -> None:
        super().__init__(currency, **kwargs)
        self.role.choices = [("", "Everybody"), *roles]

    @property
    def shown(self) -> list[Any]:
        return [self.kind, self.channel, self.role, self.counted_for, *super().shown]

    def key(self) -> dict[str, Any]:
        return {
            "kind": self.kind.data,
            "channel": self.channel.data or None,
            "role": self.role.data or None,
            "counted_for": self.counted_for.data,
        }


class EndForm(SaccoForm):
    """The last day of a fee or limit."""

    last_day = DateField("Last business date", [InputRequired("Enter the last day")])
    end_reason = StringField("Reason", WHY, filters=F)

    def to_command(self, term_id: UUID) -> EndTerm:
        return EndTerm(term_id, self.last_day.data, self.end_reason.data)
