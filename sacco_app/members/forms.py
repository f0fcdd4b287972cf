"""Forms of the members room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from sacco_app.kernel.money import Currency, Money
from sacco_app.members import rules
from sacco_app.members.errors import SharesNotWhole
from sacco_app.members.types import (
    AskEstate,
    DocumentKind,
    EstateBasis,
    Kin,
    MemberStatus,
    PersonDetails,
    RegisterMember,
    Upload,
)
from sacco_app.webkit.fields import DateField, MoneyField, NinField, PhoneField, strip
from sacco_app.webkit.forms import CommandForm, SaccoForm

F = (strip,)
SEXES = [("F", "Female"), ("M", "Male")]
LANGUAGES = [("en", "English"), ("lg", "Luganda"), ("sw", "Kiswahili")]
MARITAL = [("", "–"), ("single", "Single"), ("married", "Married"), ("widowed", "Widowed"), ("divorced", "Divorced")]
EMPLOYMENT = [
    ("", "–"),
    ("employed", "Employed"),
    ("casual", "Casual or contract"),
    ("own_business", "Own business"),
    ("farmer", "Farmer"),
    ("pensioner", "Pensioner"),
    ("none", "None"),
]
RISKS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]
KIN_ROWS = 3
MOST_KIN = 8
NEEDED_OF_KIN = {"name": "Enter the name", "relationship": "Say how they are related", "share": "Enter the share in %"}
DOCUMENTS = {
    DocumentKind.PHOTO: "Photo",
    DocumentKind.SIGNATURE: "Signature",
    DocumentKind.ID_FRONT: "ID, front",
    DocumentKind.ID_BACK: "ID, back",
    DocumentKind.APPLICATION: "Signed application",
    DocumentKind.DEATH_CERTIFICATE: "Death certificate",
    DocumentKind.ESTATE_LETTER: "Letter of administration or probate",
    DocumentKind.OTHER: "Other paper",
}


BASES = {
    EstateBasis.KIN: "The next of kin who were named, by their shares",
    EstateBasis.LETTER: "The administrator whom a court's letter names",
}
NEEDED_OF_LETTER = {
    "administrator": "Enter whom the letter names",
    "letter_number": "Enter the number of the letter",
    "letter": "Choose the scan of the letter",
}


class KinForm(Form):
    name = StringField("Name", [Length(max=120)], filters=F)
    relationship = StringField("Relationship", [Length(max=40)], filters=F)
    phone = PhoneField("Phone", [Optional()])
    share = DecimalField("Share %", [Optional(), NumberRange(0, 100, "Between 0 and 100")], places=2)
    born_on = DateField("Born", [Optional()])
    address = StringField("Address, or guardian of a minor", [Length(max=120)], filters=F)

    @property
    def is_empty(self) -> bool:
        """Whether nobody was typed here."""
        return not any(field.data or "".join(map(str, field.raw_data or ())).strip() for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        """A row with anything in it needs a name, a relationship and a share; each that lacks is marked."""
        holds = bool(super().validate(extra_validators))
        lacking = [] if self.is_empty else [name for name in NEEDED_OF_KIN if not self[name].data]
        for name in lacking:
            if not self[name].errors:
                self[name].errors = [NEEDED_OF_KIN[name]]
        return holds and not lacking


def whole_shares(_form: Form, rows: FieldList) -> None:
    """The shares of all rows sum to 100.00 %; asked once each row holds by itself."""
    if any(entry.errors for entry in rows):
        return
    try:
        rules.check_shares(kin_from(rows))
    except SharesNotWhole as refused:
        raise ValidationError(refused.message) from refused


def kin_from(rows: FieldList) -> tuple[Kin, ...]:
    """The nominees that were typed, from rows that hold; an empty row is none."""
    found = []
    for row in (entry.data for entry in rows if not entry.form.is_empty):
        plain = (row["name"], row["relationship"], row["phone"] or "", Decimal(row["share"]))
        found.append(Kin(*plain, row["born_on"], row["address"] or ""))
    return tuple(found)


class PersonForm(CommandForm):
    """What is known of a person; the next of kin have a form of their own once somebody is a member."""

    title = StringField("Title", [Length(max=20)], filters=F)
    surname = StringField("Surname", [InputRequired("Enter the surname"), Length(max=80)], filters=F)
    given_names = StringField("Given names", [InputRequired("Enter the given names"), Length(max=120)], filters=F)
    other_names = StringField("Other names", [Length(max=120)], filters=F)
    sex = RadioField("Sex", [InputRequired("Choose one")], choices=SEXES)
    date_of_birth = DateField("Date of birth", [InputRequired("Enter the date of birth")])
    birth_place = StringField("Place of birth", [Length(max=80)], filters=F)
    marital_status = SelectField("Marital status", choices=MARITAL)
    nin = NinField("NIN", [Optional()])
    id_card_number = StringField("Card number", [Length(max=30)], filters=F)
    id_expires_on = DateField("Card expires", [Optional()])
    tin = StringField("TIN", [Length(max=20)], filters=F)
    phone = PhoneField("Phone", [InputRequired("Enter a phone number")])
    phone_2 = PhoneField("Second phone", [Optional()])
    wallet_phone = PhoneField("Mobile money number", [Optional()])
    wallet_name = StringField("Registered name there", [Length(max=120)], filters=F)
    email = StringField("E-mail", [Optional(), Email("Enter an e-mail address"), Length(max=120)], filters=F)
    language = SelectField("Language of messages", choices=LANGUAGES)
    sms_consent = BooleanField("Agrees to SMS", default=True)
    district = StringField("District", [Length(max=60)], filters=F)
    sub_county = StringField("Sub-county", [Length(max=60)], filters=F)
    parish = StringField("Parish", [Length(max=60)], filters=F)
    village = StringField("Village (LC1)", [Length(max=60)], filters=F)
    occupation = StringField("Occupation", [Length(max=80)], filters=F)
    employment = SelectField("Employment", choices=EMPLOYMENT)
    employer = StringField("Employer", [Length(max=80)], filters=F)
    payroll_number = StringField("Payroll number", [Length(max=30)], filters=F)
    source_of_funds = StringField("Source of funds", [Length(max=80)], filters=F)
    monthly_income = MoneyField("Monthly income", [Optional()], positive=False)
    is_pep = BooleanField("Politically exposed person")
    pep_detail = StringField("Position or relation", [Length(max=120)], filters=F)
    risk_rating = SelectField("Risk", choices=RISKS)
    review_on = DateField("Next review", [Optional()])
    data_consent_on = DateField("Consent signed on", [Optional()])
    confirmed_duplicate = BooleanField("This is another person than the one named above")
    reason = StringField("Reason", [Length(max=300)], filters=F)

    def __init__(self, currency: Currency, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.monthly_income.currency = currency

    def details(self) -> PersonDetails:
        """What was typed, as the service takes it."""
        dates = ("id_expires_on", "review_on", "data_consent_on", "nin")
        plain: dict[str, Any] = {
            name: self[name].data if self[name].data is not None else ""
            for name in PersonDetails.__dataclass_fields__
            if name in self and name not in (*dates, "next_of_kin")
        }
        income: Money | None = self.monthly_income.data
        kept = {name: self[name].data for name in dates}
        return PersonDetails(**plain, **kept, monthly_income_minor=income.minor if income else 0)


class MemberForm(PersonForm):
    """An application, with everything on one page."""

    branch_id = SelectField("Branch")
    next_of_kin = FieldList(
        FormField(KinForm), "Next of kin", [whole_shares], min_entries=KIN_ROWS, max_entries=MOST_KIN
    )
    photo = FileField(DOCUMENTS[DocumentKind.PHOTO])
    signature = FileField(DOCUMENTS[DocumentKind.SIGNATURE])
    id_front = FileField(DOCUMENTS[DocumentKind.ID_FRONT])
    id_back = FileField(DOCUMENTS[DocumentKind.ID_BACK])
    keep = BooleanField("Keep as an unfinished application")

    def __init__(self, branches: Sequence[tuple[str, str]], currency: Currency, **kwargs: Any) -> None:
        super().__init__(currency, **kwargs)
        self.branch_id.choices = list(branches)

    def uploads(self) -> tuple[Upload, ...]:
        """The files that came along."""
        kinds = (DocumentKind.PHOTO, DocumentKind.SIGNATURE, DocumentKind.ID_FRONT, DocumentKind.ID_BACK)
        given = [(kind, self[kind.value].data) for kind in kinds]
        return tuple(Upload(kind, item.read(), item.filename) for kind, item in given if item and item.filename)

    def to_command(self) -> RegisterMember:
        return RegisterMember(
            UUID(self.branch_id.data),
            replace(self.details(), next_of_kin=kin_from(self.next_of_kin)),
            self.uploads(),
            self.confirmed_duplicate.data,
            self.idempotency_key,
            send=not self.keep.data,
        )


class NextOfKinForm(SaccoForm):
    rows = FieldList(FormField(KinForm), "Next of kin", [whole_shares], max_entries=MOST_KIN)
    reason = StringField("Reason", [Length(max=300)], filters=F)


class StatusForm(SaccoForm):
    new_status = SelectField("New status", [InputRequired("Choose the new status")])
    reason = StringField("Reason", [InputRequired("Say why"), Length(max=300)], filters=F)

    def __init__(self, allowed: Sequence[MemberStatus]) -> None:
        super().__init__()
        named = [(status.value, status.value.replace("_", " ").capitalize()) for status in allowed]
        self.new_status.choices = [("", "Choose"), *named]


class DocumentForm(SaccoForm):
    kind = SelectField("Kind", choices=[(kind.value, words) for kind, words in DOCUMENTS.items()])
    file = FileField("File", [InputRequired("Choose a file")])


class IssuePinForm(SaccoForm):
    agreed = BooleanField(
        "The member stands at the counter with the ID and agrees to the terms of USSD and the app",
        [InputRequired("Only with the member's word")],
    )


class EstateForm(SaccoForm):
    """The papers by which an estate is paid out."""

    died_on = DateField("Day of death", [InputRequired("Enter the day on the certificate")])
    certificate_number = StringField(
        "Number of the death certificate", [InputRequired("Enter the number"), Length(max=60)], filters=F
    )
    certificate = FileField("Scan of the death certificate", [InputRequired("Choose the scan")])
    basis = RadioField("Who is paid", [InputRequired("Choose one")], choices=list(BASES.items()))
    administrator = StringField("Administrator", [Length(max=120)], filters=F)
    administrator_phone = PhoneField("Phone of the administrator", [Optional()])
    letter_number = StringField("Number of the letter", [Length(max=60)], filters=F)
    letter = FileField("Scan of the letter")

    def validate(self, extra_validators: Any = None) -> bool:
        """With a letter, its number, its scan and whom it names are needed."""
        holds = bool(super().validate(extra_validators))
        if self.basis.data != EstateBasis.LETTER:
            return holds
        lacking = [name for name in NEEDED_OF_LETTER if not self[name].data]
        for name in lacking:
            self[name].errors = [NEEDED_OF_LETTER[name]]
        return holds and not lacking

    def to_command(self, member_id: UUID) -> AskEstate:
        by_letter, file = self.basis.data == EstateBasis.LETTER, self.certificate.data
        letter = self.letter.data if by_letter else None
        return AskEstate(
            member_id,
            EstateBasis(self.basis.data),
            self.died_on.data,
            self.certificate_number.data,
            Upload(DocumentKind.DEATH_CERTIFICATE, file.read(), file.filename or "certificate"),
            self.administrator.data if by_letter else "",
            (self.administrator_phone.data or "") if by_letter else "",
            self.letter_number.data if by_letter else "",
            Upload(DocumentKind.ESTATE_LETTER, letter.read(), letter.filename or "letter") if letter else None,
        )


class ReasonForm(SaccoForm):
    reason = StringField("Reason", [InputRequired("Say why"), Length(max=300)], filters=F)


class MessagesForm(SaccoForm):
    """What a member wants to be told by SMS; security alerts are not asked about."""

    sms_transaction = BooleanField("Texts about money")
    sms_balance = BooleanField("with the balance")
    sms_service = BooleanField("Reminders and answers")
    sms_news = BooleanField("News")

    @classmethod
    def of(cls, said: Mapping[tuple[str, str], bool]) -> MessagesForm:
        """The form with what was said before; nothing said means yes."""
        return cls(data={f"sms_{topic}": said.get(("sms", topic), True) for topic in MESSAGE_TOPICS})

    def wishes(self) -> dict[tuple[str, str], bool]:
        return {("sms", topic): bool(self[f"sms_{topic}"].data) for topic in MESSAGE_TOPICS}


MESSAGE_TOPICS = ("transaction", "balance", "service", "news")
