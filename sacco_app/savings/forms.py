"""Forms of the savings room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from sacco_app.kernel.money import Currency
from sacco_app.savings.types import OpenAccount, SaveProduct
from sacco_app.webkit.fields import MoneyField, strip
from sacco_app.webkit.forms import CommandForm, SaccoForm


class OpenAccountForm(CommandForm):
    product_code = SelectField("Product")

    def __init__(self, products: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.product_code.choices = list(products)

    def to_command(self, member_id: UUID) -> OpenAccount:
        return OpenAccount(member_id, self.product_code.data, self.idempotency_key)


class TransferForm(CommandForm):
    to_number = StringField("To account", [InputRequired("Enter the account number")], filters=(strip,))
    amount = MoneyField("Amount", [InputRequired("Enter the amount")])
    narration = StringField("Narration", [Length(max=100)], filters=(strip,))

    def __init__(self, currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.amount.currency = currency


class ProductForm(SaccoForm):
    name = StringField("Name", [InputRequired("Enter the name"), Length(max=80)], filters=(strip,))
    min_balance = MoneyField("Minimum balance", [InputRequired("Enter an amount")], positive=False)
    min_opening = MoneyField("Minimum first deposit", [InputRequired("Enter an amount")], positive=False)
    is_active = BooleanField("New accounts are opened")

    def __init__(self, currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_balance.currency = self.min_opening.currency = currency

    def to_command(self, code: str) -> SaveProduct:
        least, first = self.min_balance.data.minor, self.min_opening.data.minor
        return SaveProduct(code, self.name.data, least, first, self.is_active.data)
