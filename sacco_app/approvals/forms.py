"""Forms of the approvals room."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from sacco_app.approvals.types import SavePolicy
from sacco_app.kernel.money import Currency
from sacco_app.webkit.fields import MoneyField, strip
from sacco_app.webkit.forms import SaccoForm


class DecisionForm(SaccoForm):
    reason = StringField("Reason", [Length(max=500)], filters=(strip,), description="Needed to reject")


class PolicyForm(SaccoForm):
    kind = SelectField("For")
    maker_role = SelectField("Asked by")
    branch_id = SelectField("Branch")
    min_amount = MoneyField("From this amount on", [InputRequired("Enter an amount")], positive=False)
    required = IntegerField(
        "Checkers", [InputRequired("Enter a number"), NumberRange(1, 5, "Between 1 and 5")], default=1
    )

    def __init__(
        self,
        kinds: Sequence[tuple[str, str]],
        roles: Sequence[tuple[str, str]],
        branches: Sequence[tuple[str, str]],
        currency: Currency,
    ) -> None:
        super().__init__()
        self.kind.choices = list(kinds)
        self.maker_role.choices = [("", "Everybody"), *roles]
        self.branch_id.choices = [("", "All branches"), *branches]
        self.min_amount.currency = currency

    def to_command(self) -> SavePolicy:
        branch_id = UUID(self.branch_id.data) if self.branch_id.data else None
        role = self.maker_role.data or None
        return SavePolicy(self.kind.data, self.min_amount.data.minor, self.required.data, role, branch_id)
