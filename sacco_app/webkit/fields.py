"""Form fields that turn what people type into values of the domain, and say in words what is wrong."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import phonenumbers
from wtforms import Field, StringField, ValidationError
from wtforms.fields import DateField as WTDateField
from wtforms.widgets import TextInput

from sacco_app.kernel.money import UGX, Currency, Money, MoneyNotUnderstood

NIN_SHAPE = re.compile(r"[A-Z]{2}[0-9A-Z]{12}")


class MoneyField(Field):
    """An amount typed with or without separators; `data` is Money. `positive=True` refuses zero and less."""

    widget = TextInput()
    data: Any

    def __init__(self, *args: Any, currency: Currency = UGX, positive: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency
        self.positive = positive
        self.render_kw = {"inputmode": "decimal", "data-mask": "money", "autocomplete": "off"} | kwargs.get(
            "render_kw", {}
        )

    @property
    def currency(self) -> Currency:
        """The currency that the text is read in. Setting another reads again what was typed."""
        return self._currency

    @currency.setter
    def currency(self, currency: Currency) -> None:
        if currency == self._currency:
            return
        self._currency = currency
        if not self.raw_data:
            return
        self.process_errors = []
        try:
            self.process_formdata(self.raw_data)
        except ValidationError as error:
            self.process_errors.append(str(error))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.format() if isinstance(self.data, Money) else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            money = Money.parse(text, self.currency)
        except MoneyNotUnderstood as error:
            raise ValidationError(error.message) from error
        if self.positive and money.minor <= 0:
            raise ValidationError("Enter an amount above zero")
        self.data = money


class PhoneField(StringField):
    """A phone number; `data` is E.164 (`+256772123456`). Local forms are read as of `region`."""

    def __init__(self, *args: Any, region: str = "UG", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        self.render_kw = {"inputmode": "tel", "autocomplete": "off", "data-mask": "phone"} | kwargs.get("render_kw", {})

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else (self.data or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            number = phonenumbers.parse(text, self.region)
        except phonenumbers.NumberParseException as error:
            raise ValidationError("Enter a phone number, like 0772 123 456") from error
        if not phonenumbers.is_valid_number(number):
            raise ValidationError("This is not a number that can be called: check the digits")
        self.data = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class NinField(StringField):
    """A Ugandan national identification number: 14 letters and digits, two letters first (handbook 1.2)."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = re.sub(r"[\s-]", "", str(valuelist[0])).upper() if valuelist else ""
        self.data = text or None
        if text and not NIN_SHAPE.fullmatch(text):
            raise ValidationError("A NIN has 14 characters and begins with two letters, like CM92018100J4GK")


class DateField(WTDateField):
    """A calendar day; `data` is a date. The browser sends ISO; people may type 23/11/2026."""

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("format", ["%Y-%m-%d", "%d/%m/%Y", "%d %b %Y"])
        super().__init__(*args, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if isinstance(self.data, date) else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if not valuelist or not str(valuelist[0]).strip():
            return
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValidationError("Enter a date, like 23/11/2026") from error


def strip(value: str | None) -> str | None:
    """A filter for text fields: surrounding and doubled white space away, empty becomes None."""
    if value is None:
        return None
    return re.sub(r"\s+", " ", value).strip() or None


def parse_date(text: str) -> date | None:
    """A day from a filter in the URL; None for what is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def parse_phone(text: str, region: str = "UG") -> str | None:
    """E.164 from what is typed so far; None while it is no number yet."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None
