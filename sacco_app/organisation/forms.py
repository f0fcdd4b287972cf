"""Forms of the organisation room."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp

from sacco_app.organisation.types import SaveBranch, SaveProfile, SetParameter
from sacco_app.webkit.fields import DateField, PhoneField, strip
from sacco_app.webkit.forms import SaccoForm

FILTERS = (strip,)
WORDS = Regexp(r"^[^<>{}\[\]|\\]*$", message="Letters, digits and common signs alone")


class ProfileForm(SaccoForm):
    name = StringField("Name", [InputRequired("Enter the name"), Length(max=120)], filters=FILTERS)
    short_name = StringField("Short name", [InputRequired("Enter a short name"), Length(max=20)], filters=FILTERS)
    registration_number = StringField("Registration number", [Length(max=60)], filters=FILTERS)
    licence_number = StringField("Licence number", [Length(max=60)], filters=FILTERS)
    phone = PhoneField("Phone", [Optional()])
    email = StringField("E-mail", [Optional(), Email("Enter an e-mail address"), Length(max=120)], filters=FILTERS)
    address = StringField("Address", [Length(max=200)], filters=FILTERS)
    complaints_phone = StringField("Phone for complaints", [Length(max=20)], filters=FILTERS)

    def to_command(self) -> SaveProfile:
        return SaveProfile(**{name: self[name].data or "" for name in SaveProfile.__dataclass_fields__})


class BranchForm(SaccoForm):
    code = StringField(
        "Code",
        [InputRequired("Enter a code"), Length(max=6), Regexp(r"^[0-9A-Za-z]+$", message="Letters and digits alone")],
        filters=FILTERS,
    )
    name = StringField("Name", [InputRequired("Enter the name"), Length(max=80), WORDS], filters=FILTERS)
    phone = PhoneField("Phone", [Optional()])
    address = StringField("Address", [Length(max=200), Optional(), WORDS], filters=FILTERS)
    is_active = BooleanField("Open for business", default=True)

    def to_command(self, branch_id: UUID | None) -> SaveBranch:
        words = {name: self[name].data or "" for name in ("code", "name", "phone", "address")}
        return SaveBranch(**words, branch_id=branch_id, is_active=self.is_active.data)


class HolidayForm(SaccoForm):
    day = DateField("Day", [InputRequired("Enter the day")])
    name = StringField("Name", [InputRequired("Enter a name"), Length(max=80)], filters=FILTERS)
    branch_id = SelectField("Branch")

    def __init__(self, branches: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.branch_id.choices = list(branches)

    @property
    def branch(self) -> UUID | None:
        """The branch that rests; None for all."""
        return UUID(self.branch_id.data) if self.branch_id.data else None


class ParameterForm(SaccoForm):
    value = StringField("Value", [InputRequired("Enter the value"), Length(max=120)], filters=FILTERS)
    valid_from = DateField("Valid from", [InputRequired("Enter the day")])
    source = StringField("Source", [InputRequired("Say who says so"), Length(max=300)], filters=FILTERS)
    verified = BooleanField("Verified against the source")

    def to_command(self, key: str) -> SetParameter:
        return SetParameter(key, self.value.data, self.valid_from.data, self.source.data, self.verified.data)


class BusinessDateForm(SaccoForm):
    day = DateField("New business date", [InputRequired("Enter the day")])


class CloseDayForm(SaccoForm):
    """Nothing is typed: the check-list decides. The day that was shown is the one that is closed."""

    day = DateField("Day", [InputRequired("Choose the day")])


class LogoForm(SaccoForm):
    file = FileField("Picture", [InputRequired("Choose a picture")])
