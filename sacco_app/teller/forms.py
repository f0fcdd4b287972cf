"""Forms of the teller room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from sacco_app.kernel.money import Currency, Money
from sacco_app.webkit.fields import MoneyField, PhoneField, strip
from sacco_app.webkit.forms import CommandForm

F = (strip,)
PIECES = "Enter how many pieces, in digits"
DENOMINATIONS: dict[str, tuple[int, ...]] = {
    "UGX": (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50),
    "KES": (1_000_00, 500_00, 200_00, 100_00, 50_00, 40_00, 20_00, 10_00, 5_00, 1_00),
    "USD": (100_00, 50_00, 20_00, 10_00, 5_00, 1_00),
}


class DepositForm(CommandForm):
    account_id = HiddenField()
    amount = MoneyField("Amount", [InputRequired("Enter the amount that was counted")])
    depositor_name = StringField("Paid in by", [Length(max=120)], filters=F, description="If not the member")
    depositor_phone = PhoneField("Phone of the payer", [Optional()])
    narration = StringField("Note", [Length(max=120)], filters=F)

    def __init__(self, currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.amount.currency = currency


class WithdrawalForm(CommandForm):
    account_id = HiddenField()
    amount = MoneyField("Amount", [InputRequired("Enter the amount to pay out")])
    payee_name = StringField("Paid to", [Length(max=120)], filters=F, description="If not the member")

    def __init__(self, currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.amount.currency = currency


class CountForm(CommandForm):
    """Cash counted piece by piece. The denominations are fields of their own, named by their value."""

    currency: Currency

    def counts(self) -> dict[int, int]:
        """Pieces by denomination in minor units; what was left empty counts as none."""
        return {value: field.data or 0 for value, _, field in self.rows()}

    def rows(self) -> list[tuple[int, str, Any]]:
        """What the denominations macro shows: value in minor units, label, field."""
        return [
            (value, Money(value, self.currency).format(), self[f"pieces_{value}"])
            for value in DENOMINATIONS[self.currency.code]
        ]

    @property
    def total(self) -> Money:
        """What the pieces are worth together."""
        return Money(sum(value * pieces for value, pieces in self.counts().items()), self.currency)


def count_form(currency: Currency, base: type[CountForm] = CountForm) -> type[CountForm]:
    """The class of a counting form for the notes and coins of a currency."""
    pieces: dict[str, Any] = {
        f"pieces_{value}": IntegerField(
            Money(value, currency).format(), [Optional(), NumberRange(0, 1_000_000, PIECES)]
        )
        for value in DENOMINATIONS[currency.code]
    }
    return type(base.__name__, (base,), {**pieces, "currency": currency})


class FloatForm(CountForm):
    """Cash between the vault and a till."""

    till_id = SelectField("Till")
    direction = SelectField(
        "What moves", choices=[("issue", "From the vault to the till"), ("return", "Back to the vault")]
    )

    def offer(self, tills: Sequence[tuple[UUID, str]]) -> None:
        self["till_id"].choices = [(str(till_id), name) for till_id, name in tills]


class CloseForm(CountForm):
    """The blind count at the end of the day."""

    reason = StringField("Remark", [Length(max=200)], filters=F, description="What may explain a difference")


class OpenForm(CommandForm):
    till_id = SelectField("Till", [InputRequired("Choose a till")])

    def __init__(self, tills: Sequence[tuple[UUID, str]]) -> None:
        super().__init__()
        self.till_id.choices = [(str(till_id), name) for till_id, name in tills]
