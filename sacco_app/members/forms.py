"""Forms of the members room."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_wtf.file import FileField
from wtforms import BooleanField, DecimalField, FieldList, Form, FormField, RadioField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from sacco_app.kernel.money import Currency, Money
from sacco_app.members.types import DocumentKind, Kin, MemberStatus, PersonDetails, RegisterMember, Upload
from sacco_app.webkit.fields import DateField, MoneyField, NinField, PhoneField, strip
from sacco_app.webkit.forms import CommandForm, SaccoForm

F = (strip,)
SEXES = [("F", "Female"), ("M", "Male")]
LANGUAGES = [("en", "English"), ("lg", "Luganda"), ("sw", "Kiswahili")]
MARITAL = [("", "–"), ("single", "Single"), ("married", "Married"), ("widowed", "Widowed"), ("divorced", "Divorced")]
KIN_ROWS = 3


class KinForm(Form):
    name = StringField("Name", [Length(max=120)], filters=F)
    relationship = StringField("Relationship", [Length(max=40)], filters=F)
    phone = PhoneField("Phone", [Optional()])
    share = DecimalField("Share %", [Optional(), NumberRange(0, 100, "Between 0 and 100")], places=2)


class MemberForm(CommandForm):
    branch_id = SelectField("Branch")
    title = StringField("Title", [Length(max=20)], filters=F)
    surname = StringField("Surname", [InputRequired("Enter the surname"), Length(max=80)], filters=F)
    given_names = StringField("Given names", [InputRequired("Enter the given names"), Length(max=120)], filters=F)
    sex = RadioField("Sex", [InputRequired("Choose one")], choices=SEXES)
    date_of_birth = DateField("Date of birth", [InputRequired("Enter the date of birth")])
    marital_status = SelectField("Marital status", choices=MARITAL)
    nin = NinField("NIN", [Optional()], description="14 characters, as on the national ID")
    id_card_number = StringField("Card number", [Length(max=30)], filters=F)
    id_expires_on = DateField("Card expires", [Optional()])
    tin = StringField("TIN", [Length(max=20)], filters=F)
    phone = PhoneField("Phone", [InputRequired("Enter a phone number")])
    email = StringField("E-mail", [Optional(), Email("Enter an e-mail address"), Length(max=120)], filters=F)
    language = SelectField("Language of messages", choices=LANGUAGES)
    sms_consent = BooleanField("Agrees to SMS", default=True)
    district = StringField("District", [Length(max=60)], filters=F)
    sub_county = StringField("Sub-county", [Length(max=60)], filters=F)
    parish = StringField("Parish", [Length(max=60)], filters=F)
    village = StringField("Village (LC1)", [Length(max=60)], filters=F)
    occupation = StringField("Occupation", [Length(max=80)], filters=F)
    employer = StringField("Employer", [Length(max=80)], filters=F)
    source_of_funds = StringField("Source of funds", [Length(max=80)], filters=F)
    monthly_income = MoneyField("Monthly income", [Optional()], positive=False)
    is_pep = BooleanField("Politically exposed person")
    next_of_kin = FieldList(FormField(KinForm), min_entries=KIN_ROWS, max_entries=KIN_ROWS)
    photo = FileField("Photo")
    signature = FileField("Signature")
    id_front = FileField("ID, front")
    id_back = FileField("ID, back")
    confirmed_duplicate = BooleanField("This is another person than the one named above")

    def __init__(self, branches: Sequence[tuple[str, str]], currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.branch_id.choices = list(branches)
        self.monthly_income.currency = currency

    def details(self) -> PersonDetails:
        """What was typed, as the service takes it."""
        plain: dict[str, Any] = {
            name: self[name].data if self[name].data is not None else ""
            for name in PersonDetails.__dataclass_fields__
            if name in self and name not in ("nin", "id_expires_on", "next_of_kin")
        }
        income: Money | None = self.monthly_income.data
        return PersonDetails(
            **plain,
            nin=self.nin.data,
            id_expires_on=self.id_expires_on.data,
            monthly_income_minor=income.minor if income else 0,
            next_of_kin=self._kin(),
        )

    def _kin(self) -> tuple[Kin, ...]:
        rows = [entry.data for entry in self.next_of_kin if entry.data.get("name")]
        return tuple(
            Kin(row["name"], row["relationship"] or "", row["phone"] or "", Decimal(row["share"] or 0)) for row in rows
        )

    def uploads(self) -> tuple[Upload, ...]:
        """The files that came along."""
        kinds = (DocumentKind.PHOTO, DocumentKind.SIGNATURE, DocumentKind.ID_FRONT, DocumentKind.ID_BACK)
        given = [(kind, self[kind.value].data) for kind in kinds]
        return tuple(Upload(kind, item.read(), item.filename) for kind, item in given if item and item.filename)

    def to_command(self) -> RegisterMember:
        return RegisterMember(
            UUID(self.branch_id.data),
            self.details(),
            self.uploads(),
            self.confirmed_duplicate.data,
            self.idempotency_key,
        )


class StatusForm(SaccoForm):
    new_status = SelectField("New status")
    reason = StringField("Reason", [InputRequired("Say why"), Length(max=300)], filters=F)

    def __init__(self, allowed: Sequence[MemberStatus]) -> None:
        super().__init__()
        self.new_status.choices = [(status.value, status.value.replace("_", " ").capitalize()) for status in allowed]


class DocumentForm(SaccoForm):
    kind = SelectField(
        "Kind", choices=[(kind.value, kind.value.replace("_", " ").capitalize()) for kind in DocumentKind]
    )
    file = FileField("File", [InputRequired("Choose a file")])


class IssuePinForm(SaccoForm):
    agreed = BooleanField(
        "The member stands at the counter with the ID and agrees to the terms of USSD and the app",
        [InputRequired("Only with the member's word")],
    )


class ReasonForm(SaccoForm):
    reason = StringField("Reason", [InputRequired("Say why"), Length(max=300)], filters=F)
