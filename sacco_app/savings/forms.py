"""Forms of the savings room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from wtforms import BooleanField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from sacco_app.kernel.dates import format_date
from sacco_app.kernel.money import Currency
from sacco_app.savings.types import Due, HoldOrder, OpenAccount, PayHeir, PlaceHold, SaveProduct
from sacco_app.webkit.fields import DateField, MoneyField, strip
from sacco_app.webkit.forms import CommandForm, SaccoForm


class OpenAccountForm(CommandForm):
    product_code = SelectField("Product")

    def __init__(self, products: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.product_code.choices = list(products)

    def to_command(self, member_id: UUID) -> OpenAccount:
        return OpenAccount(member_id, self.product_code.data, self.idempotency_key)


class AccountReasonForm(SaccoForm):
    """Why an account ends or is woken, or a hold is let go."""

    reason = StringField("Reason", [InputRequired("Say why"), Length(max=200)], filters=(strip,))


class HoldForm(CommandForm):
    """An amount to be held by hand."""

    amount = MoneyField("Amount", [InputRequired("Enter the amount")])
    ordered_by = SelectField("Wanted by", [InputRequired("Choose who wants it held")])
    reason = StringField(
        "Reason", [InputRequired("Say why"), Length(max=200)], filters=(strip,), description="The member may read it"
    )

    def __init__(self, currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.amount.currency = currency
        orders = [(order.value, order.words.capitalize()) for order in HoldOrder]
        self.ordered_by.choices = [("", "Choose"), *orders]

    def to_command(self, account_id: UUID) -> PlaceHold:
        order = HoldOrder(self.ordered_by.data)
        return PlaceHold(account_id, self.amount.data, self.reason.data, order, self.idempotency_key)


class PayHeirForm(CommandForm):
    """Who takes an heir's part, and what they have shown. The amount is what is due."""

    paid_to = StringField("Paid to", [InputRequired("Say who takes it"), Length(max=120)], filters=(strip,))
    authority = StringField(
        "What was shown", [InputRequired("Say which card was seen"), Length(max=200)], filters=(strip,)
    )

    def to_command(self, due: Due, to_account_id: UUID | None = None) -> PayHeir:
        shown, key = self.authority.data, self.idempotency_key
        return PayHeir(due.heir_id, due.account_id, due.due, self.paid_to.data, shown, key, to_account_id)


class PayHeirToAccountForm(PayHeirForm):
    to_number = StringField("To account", [InputRequired("Enter the account number")], filters=(strip,))


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
    dormancy_days = IntegerField(
        "Days without a movement until an account is dormant",
        [InputRequired("Enter a number of days"), NumberRange(30, 3_660, "Between 30 and 3,660 days")],
        description="Commonly 180 to 365 (handbook 1.8)",
    )
    is_active = BooleanField("New accounts are opened")
    reason = StringField("Reason", [Length(max=300)], filters=(strip,))

    def __init__(self, currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.min_balance.currency = self.min_opening.currency = currency

    def to_command(self, code: str) -> SaveProduct:
        least, first = self.min_balance.data.minor, self.min_opening.data.minor
        return SaveProduct(code, self.name.data, least, first, self.dormancy_days.data, self.is_active.data)


class StatementForm(SaccoForm):
    """The time that a statement covers, both days included."""

    first = DateField("From", validators=[InputRequired("Choose the first day")])
    last = DateField("To", validators=[InputRequired("Choose the last day")])

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        kwargs["data"] = {"first": today - timedelta(days=90), "last": today}
        super().__init__(*args, **kwargs)
        self._today = today

    def validate_last(self, field: DateField) -> None:
        """The time must run forwards, not into the future, and over ten years at most."""
        if field.data is None or self.first.data is None:
            return
        if field.data < self.first.data:
            raise ValidationError("The last day is before the first")
        if field.data > self._today:
            raise ValidationError(f"The last day is after the business date {format_date(self._today)}")
        if (field.data - self.first.data).days > 3660:
            raise ValidationError("A statement covers ten years at most")


class StatementRunForm(StatementForm):
    """Statements of all accounts of a branch, or of every branch that one sees."""

    branch = SelectField("Branch", validators=[Optional()])

    def __init__(self, today: date, branches: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(today, *args, **kwargs)
        self.branch.choices = [("", "Every branch that I see"), *branches]

    @property
    def branch_id(self) -> UUID | None:
        return UUID(self.branch.data) if self.branch.data else None
