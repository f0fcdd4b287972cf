"""Forms of the teller room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from sacco_app.kernel.money import Currency, Money
from sacco_app.teller.rules import DENOMINATIONS
from sacco_app.teller.types import (
    SOURCES,
    BankCash,
    CashDeposit,
    CashWithdrawal,
    CloseTill,
    Counts,
    CountTill,
    CountVault,
    EnterSlip,
    FundVault,
    IssueFloat,
    OfferCash,
    ReceiveTill,
    SaveTill,
)
from sacco_app.webkit.fields import MoneyField, PhoneField, strip
from sacco_app.webkit.forms import CommandForm, SaccoForm

F = (strip,)
PIECES = "Enter how many pieces, in digits"
Choice = tuple[UUID, str]


def _choices(offered: Sequence[Choice]) -> list[tuple[str, str]]:
    return [(str(one), name) for one, name in offered]


class DepositForm(CommandForm):
    account_id = HiddenField()
    amount = MoneyField("Amount", [InputRequired("Enter the amount that was counted")])
    depositor_name = StringField("Paid in by", [Length(max=120)], filters=F)
    depositor_phone = PhoneField("Phone of the payer", [Optional()])
    narration = StringField("Note", [Length(max=120)], filters=F)
    source = SelectField("Where the money comes from", choices=[("", "Ask, then choose"), *SOURCES.items()], default="")

    def __init__(self, currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.amount.currency = currency

    def to_command(self, account_id: UUID) -> CashDeposit:
        return CashDeposit(
            account_id,
            self.amount.data,
            self.depositor_name.data or "",
            self.depositor_phone.data or "",
            self.narration.data or "",
            self.idempotency_key,
            self.source.data or "",
        )


class WithdrawalForm(CommandForm):
    account_id = HiddenField()
    amount = MoneyField("Amount", [InputRequired("Enter the amount to pay out")])
    payee_name = StringField("Paid to", [Length(max=120)], filters=F)
    payee_phone = PhoneField("Phone of whom is paid", [Optional()])
    authority = StringField(
        "Authority seen",
        [Length(max=200)],
        filters=F,
        description="Like “Letter of 20 Nov, national ID CM92018100J4GK”",
    )
    narration = StringField("Note", [Length(max=120)], filters=F)

    def __init__(self, currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.amount.currency = currency

    def to_command(self, account_id: UUID) -> CashWithdrawal:
        return CashWithdrawal(
            account_id,
            self.amount.data,
            self.payee_name.data or "",
            self.narration.data or "",
            self.idempotency_key,
            self.payee_phone.data or "",
            self.authority.data or "",
        )


class CountForm(CommandForm):
    """Cash counted piece by piece. The denominations are fields of their own, named by their value."""

    currency: Currency

    @property
    def selects(self) -> list[Any]:
        """What is chosen before the count."""
        return [field for field in self if isinstance(field, SelectField)]

    @property
    def remarks(self) -> list[Any]:
        """What is written after it."""
        return [field for field in self if field.type == "StringField"]

    def counts(self) -> Counts:
        """Denomination in minor units and pieces; what was left empty is left out."""
        return tuple((value, field.data) for value, _, field in self.rows() if field.data)

    def require_count(self, what: str) -> None:
        """A form that was sent empty by mistake is no count: that nothing is there is said with a nought."""
        if all(field.data is None for _, _, field in self.rows()):
            raise ValidationError(f"Nothing is counted yet. If the {what} is empty, enter 0 for one of the notes")

    def rows(self) -> list[tuple[int, str, Any]]:
        """What the denominations macro shows: value in major units, label, field."""
        unit = 10**self.currency.exponent
        return [
            (value // unit, Money(value, self.currency).format(), self[f"pieces_{value}"])
            for value in DENOMINATIONS[self.currency.code]
        ]


def count_form(currency: Currency, base: type[CountForm]) -> type[Any]:
    """The class of a counting form for the notes and coins of a currency."""
    pieces: dict[str, Any] = {
        f"pieces_{value}": IntegerField(
            Money(value, currency).format(), [Optional(), NumberRange(0, 1_000_000, PIECES)]
        )
        for value in DENOMINATIONS[currency.code]
    }
    return type(base.__name__, (base,), {**pieces, "currency": currency})


class CashForm(CountForm):
    """Counted cash for the vault."""

    def to_command(self) -> OfferCash:
        return OfferCash(None, self.counts(), self.idempotency_key)


class TillCashForm(CountForm):
    """Counted cash for an open till."""

    to_session_id = SelectField("To till", [InputRequired("Choose a till")])

    def offer(self, tills: Sequence[Choice]) -> None:
        self.to_session_id.choices = _choices(tills)

    def to_command(self) -> OfferCash:
        return OfferCash(UUID(self.to_session_id.data), self.counts(), self.idempotency_key)


class BankForm(CountForm):
    """Counted cash of a vault for the bank."""

    branch_id = SelectField("Vault of")
    carrier = StringField(
        "Carried by",
        [InputRequired("Say who carries the cash"), Length(max=120)],
        filters=F,
        description="Name, and number of the bag or seal",
    )

    def offer(self, branches: Sequence[Choice]) -> None:
        self.branch_id.choices = _choices(branches)

    def to_command(self) -> BankCash:
        return BankCash(UUID(self.branch_id.data), self.counts(), self.carrier.data, self.idempotency_key)


class VaultCountForm(CountForm):
    """What is in a vault."""

    branch_id = SelectField("Vault of")
    remark = StringField("Remark", [Length(max=200)], filters=F, description="Mutilated notes, packets not opened")

    def validate_remark(self, _field: Any) -> None:
        self.require_count("vault")

    def offer(self, branches: Sequence[Choice]) -> None:
        self.branch_id.choices = _choices(branches)

    def to_command(self) -> CountVault:
        return CountVault(UUID(self.branch_id.data), self.counts(), self.remark.data or "", self.idempotency_key)


class SlipForm(CommandForm):
    """What the bank says it has received."""

    amount = MoneyField("Amount on the slip", [InputRequired("Enter the amount that the bank has counted")])
    slip_number = StringField("Number of the slip", [InputRequired("Enter the number"), Length(max=40)], filters=F)

    def __init__(self, currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.amount.currency = currency

    def to_command(self, banking_id: UUID) -> EnterSlip:
        return EnterSlip(banking_id, self.amount.data, self.slip_number.data, self.idempotency_key)


class RefuseForm(SaccoForm):
    """What the other side has counted instead."""

    remark = StringField("What is wrong", [InputRequired("Say what you have counted"), Length(max=200)], filters=F)


class FloatForm(CountForm):
    """Cash from the vault for a teller."""

    till_id = SelectField("Till", [InputRequired("Choose a till")])
    teller_id = SelectField("Teller", [InputRequired("Choose a teller")])

    def offer(self, tills: Sequence[Choice], tellers: Sequence[Choice]) -> None:
        self.till_id.choices, self.teller_id.choices = _choices(tills), _choices(tellers)

    def to_command(self) -> IssueFloat:
        return IssueFloat(UUID(self.till_id.data), UUID(self.teller_id.data), self.counts(), self.idempotency_key)


class CloseForm(CountForm):
    """The blind count at the end of the day."""

    reason = StringField("Remark", [Length(max=200)], filters=F, description="What may explain a difference")

    def validate_reason(self, _field: Any) -> None:
        self.require_count("drawer")

    def to_command(self, session_id: UUID) -> CloseTill:
        return CloseTill(session_id, self.counts(), self.reason.data or "", self.idempotency_key)


class ReceiveForm(CloseForm):
    """The custodian's own count of a till that was handed in."""

    def to_command(self, session_id: UUID) -> Any:
        return ReceiveTill(session_id, self.counts(), self.reason.data or "", self.idempotency_key)


class TillCountForm(CloseForm):
    """A supervisor's count of a till in the middle of its day."""

    def to_command(self, session_id: UUID) -> Any:
        return CountTill(session_id, self.counts(), self.reason.data or "", self.idempotency_key)


class FundForm(CommandForm):
    branch_id = SelectField("Vault of")
    amount = MoneyField("Amount", [InputRequired("Enter the amount fetched")])
    narration = StringField("Note", [Length(max=120)], filters=F, description="Cheque or order number")

    def __init__(self, branches: Sequence[Choice], currency: Currency) -> None:
        super().__init__()
        self.branch_id.choices = _choices(branches)
        self.amount.currency = currency

    def to_command(self) -> FundVault:
        return FundVault(UUID(self.branch_id.data), self.amount.data, self.narration.data or "", self.idempotency_key)


class TillForm(CommandForm):
    code = StringField("Code", [InputRequired("Enter a code"), Length(max=10)], filters=F, description="Like T1")
    name = StringField("Name", [InputRequired("Enter a name"), Length(max=60)], filters=F)
    branch_id = SelectField("Branch")
    limit = MoneyField("Most cash it may hold", [InputRequired("Enter the limit")])

    def __init__(self, branches: Sequence[Choice], currency: Currency) -> None:
        super().__init__()
        self.branch_id.choices = _choices(branches)
        self.limit.currency = currency

    def to_command(self) -> SaveTill:
        return SaveTill(self.code.data, self.name.data, UUID(self.branch_id.data), self.limit.data.minor)
