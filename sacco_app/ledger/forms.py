"""Forms of the ledger room: shape only, rules are in the services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from sacco_app.kernel.files import fingerprint
from sacco_app.kernel.money import Currency, Money
from sacco_app.ledger.papers import MAX_PAPERS, Paper
from sacco_app.ledger.types import (
    CLASS_NAMES,
    AccountClass,
    AddAccount,
    EditAccount,
    ManualLine,
    PeriodStatus,
    PostManualJournal,
    RequestReversal,
    SetPeriodStatus,
)
from sacco_app.webkit.fields import DateField, MoneyField, strip
from sacco_app.webkit.forms import CommandForm, SaccoForm

FILTERS = (strip,)
LINES = range(1, 9)
_REASON = [InputRequired("Say why"), Length(max=500)]


class ManualJournalForm(CommandForm):
    """A journal of up to eight lines; those left blank are left out."""

    branch_id = SelectField("Branch", [InputRequired("Choose the branch")])
    business_date = DateField("Business date", [InputRequired("Enter the date")])
    narration = StringField("Narration", [InputRequired("Say what the journal is"), Length(max=240)], filters=FILTERS)
    reason = StringField("Reason", _REASON, filters=FILTERS)
    papers = MultipleFileField("Papers")

    def prepare(
        self, branches: Sequence[tuple[str, str]], accounts: Sequence[tuple[str, str]], currency: Currency
    ) -> None:
        """Offer the branches and accounts, and read amounts in the currency of the SACCO."""
        self.branch_id.choices = list(branches)
        for account, debit, credit in self.rows:
            account.choices = [("", "Choose an account"), *accounts]
            debit.currency = credit.currency = currency

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """(account, debit, credit) fields, line by line."""
        return [(self[f"account_{n}"], self[f"debit_{n}"], self[f"credit_{n}"]) for n in LINES]

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        for account, debit, credit in self.rows:
            good = _line_holds(account, debit, credit) and good
        debit_total, credit_total = self._total(1), self._total(2)
        if good and (debit_total != credit_total or debit_total == 0):
            words = f"Debits are {debit_total:,} and credits {credit_total:,} in the smallest unit: they must be equal"
            self["debit_1"].errors = [
                words if debit_total != credit_total else "Enter at least one debit and one credit"
            ]
            good = False
        return good

    def validate_papers(self, field: Any) -> None:
        if len(self._chosen()) > MAX_PAPERS:
            raise ValidationError(f"At most {MAX_PAPERS} papers: put several pages into one PDF")

    def _chosen(self) -> list[Any]:
        return [file for file in self.papers.data or () if getattr(file, "filename", "")]

    def handed_in(self) -> tuple[Paper, ...]:
        """The files as they were handed in; they can be read once."""
        return tuple(Paper(file.filename, file.read()) for file in self._chosen())

    def _total(self, side: int) -> int:
        return sum(row[side].data.minor for row in self.rows if isinstance(row[side].data, Money))

    def to_command(self, maker_id: UUID, handed_in: Sequence[Paper]) -> PostManualJournal:
        lines = tuple(ManualLine(row[0].data, row[1].data, row[2].data) for row in self.rows if row[0].data)
        assert isinstance(self.business_date.data, date)
        return PostManualJournal(
            branch_id=UUID(self.branch_id.data),
            business_date=self.business_date.data,
            narration=self.narration.data or "",
            reason=self.reason.data or "",
            lines=lines,
            maker_id=maker_id,
            idempotency_key=self.idempotency_key,
            papers=tuple(fingerprint(paper.content) for paper in handed_in),
        )


for _number in LINES:
    setattr(ManualJournalForm, f"account_{_number}", SelectField(f"Line {_number} account", default=""))
    setattr(ManualJournalForm, f"debit_{_number}", MoneyField(f"Line {_number} debit"))
    setattr(ManualJournalForm, f"credit_{_number}", MoneyField(f"Line {_number} credit"))


def _line_holds(account: Any, debit: Any, credit: Any) -> bool:
    given = [field for field in (debit, credit) if field.data is not None]
    if any(field.errors for field in (account, debit, credit)):
        return False
    if account.data and not given:
        debit.errors = ["Enter a debit or a credit for this account"]
    elif len(given) == 2:
        credit.errors = ["Enter a debit or a credit, not both"]
    elif given and not account.data:
        account.errors = ["Choose the account of this amount"]
    else:
        return True
    return False


class ReversalForm(CommandForm):
    business_date = DateField("Business date", [InputRequired("Enter the date")])
    reason = StringField("Reason", _REASON, filters=FILTERS)

    def to_command(self, journal_id: UUID, maker_id: UUID) -> RequestReversal:
        assert isinstance(self.business_date.data, date)
        return RequestReversal(
            journal_id, self.business_date.data, self.reason.data or "", maker_id, self.idempotency_key
        )


class MappingForm(SaccoForm):
    """What reports read of an account."""

    code = StringField(
        "Code",
        [InputRequired("Enter a code"), Length(max=20), Regexp(r"^[0-9A-Za-z.-]+$", message="Digits, letters, dots")],
        filters=FILTERS,
    )
    name = StringField("Name", [InputRequired("Enter the name"), Length(max=120)], filters=FILTERS)
    pearls = StringField("PEARLS class", [Length(max=20)], filters=FILTERS)
    kef = StringField("SASRA form 6 and 7 line", [Length(max=10)], filters=FILTERS)
    liquidity = StringField("SASRA form 2 line", [Length(max=10)], filters=FILTERS)
    cash_flow = SelectField(
        "Cash flow",
        choices=[("", "None"), ("O", "Operating"), ("I", "Investing"), ("F", "Financing"), ("C", "Cash itself")],
    )

    clearing_days = IntegerField("Cleared within working days", [Optional(), NumberRange(0, 365, "0 to 365 days")])

    def mapping(self) -> dict[str, Any]:
        words = {name: self[name].data or "" for name in ("code", "name", "pearls", "kef", "liquidity", "cash_flow")}
        return {**words, "clearing_days": self.clearing_days.data}


class NewAccountForm(MappingForm):
    account_class = SelectField("Class", choices=[(key.value, words) for key, words in CLASS_NAMES.items()])
    normal_side = SelectField("Normal side", choices=[("D", "Debit"), ("C", "Credit")])

    def to_command(self) -> AddAccount:
        return AddAccount(
            account_class=AccountClass(self.account_class.data), normal_side=self.normal_side.data, **self.mapping()
        )


class EditAccountForm(MappingForm):
    is_active = BooleanField("In use")

    def to_command(self, account_id: UUID) -> EditAccount:
        return EditAccount(account_id=account_id, is_active=self.is_active.data, **self.mapping())


class ProfileForm(SaccoForm):
    account_code = SelectField("Account", [InputRequired("Choose the account")])
    reason = StringField("Reason", [Length(max=300)], filters=(strip,))


class PeriodForm(SaccoForm):
    month = DateField("Month", [InputRequired("Choose the month")])
    move_to = SelectField(
        "Move to",
        choices=[
            (PeriodStatus.SOFT_CLOSED.value, "Soft-closed"),
            (PeriodStatus.CLOSED.value, "Closed"),
            (PeriodStatus.OPEN.value, "Open again"),
        ],
    )
    reason = StringField("Reason", _REASON, filters=FILTERS)

    def to_command(self) -> SetPeriodStatus:
        assert isinstance(self.month.data, date)
        return SetPeriodStatus(self.month.data, PeriodStatus(self.move_to.data), self.reason.data or "")
