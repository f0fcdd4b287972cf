"""Forms of the access room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from wtforms import BooleanField, PasswordField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import Email, EqualTo, InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from sacco_app.access.catalogue import PERMISSIONS, SCOPES
from sacco_app.access.membership import find_member
from sacco_app.access.types import CreateUser, SaveClient, SaveRole, UpdateUser
from sacco_app.kernel.clock import KAMPALA
from sacco_app.kernel.db import db
from sacco_app.webkit.fields import DateField, strip
from sacco_app.webkit.forms import SaccoForm

Choices = Sequence[tuple[str, str]]


class SignInForm(SaccoForm):
    email = StringField("E-mail", [InputRequired("Enter your e-mail address")], render_kw={"autocomplete": "username"})
    password = PasswordField(
        "Password", [InputRequired("Enter your password")], render_kw={"autocomplete": "current-password"}
    )


class ForgottenForm(SaccoForm):
    email = StringField("E-mail", [InputRequired("Enter your e-mail address"), Length(max=120)])


class CodeForm(SaccoForm):
    code = StringField(
        "Code from your telephone",
        [InputRequired("Enter the code"), Length(max=20)],
        description="Six digits",
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )

    def __init__(self, recovery_codes: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if recovery_codes:
            self.code.description = "Six digits, or one of your recovery codes"


class NewPasswordForm(SaccoForm):
    password = PasswordField(
        "New password",
        [InputRequired("Enter a password"), Length(max=200)],
        description="At least ten characters; a short sentence is best",
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "New password again",
        [EqualTo("password", "The two are not the same")],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    present = PasswordField(
        "Present password", [InputRequired("Enter it")], render_kw={"autocomplete": "current-password"}
    )


class Boxes(SelectMultipleField):
    """A choice of several, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def at_least_one(_form: SaccoForm, field: Boxes) -> None:
    """A validator that leaves the single boxes free."""
    if not field.data:
        raise ValidationError("Choose at least one")


class UserForm(SaccoForm):
    name = StringField("Name", [InputRequired("Enter the name"), Length(max=120)], filters=(strip,))
    email = StringField(
        "E-mail", [InputRequired("Enter an e-mail address"), Email("Enter an e-mail address"), Length(max=120)]
    )
    roles = Boxes("Roles", [at_least_one])
    branch_id = SelectField("Branch")
    branches = Boxes("Also looks after")
    all_branches = BooleanField("Sees every branch")
    member_number = StringField("Member number", [Length(max=20)], filters=(strip,))
    member_id: UUID | None = None
    reason = StringField("Reason", [Length(max=300)], filters=(strip,))

    def __init__(self, roles: Choices, branches: Choices, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.roles.choices = list(roles)
        self.branch_id.choices = list(branches)
        self.branches.choices = list(branches)

    def validate_member_number(self, field: StringField) -> None:
        if not field.data:
            return
        self.member_id = find_member(db.session(), field.data)
        if self.member_id is None:
            raise ValidationError("There is no member with this number")

    def to_create(self) -> CreateUser:
        return CreateUser(
            self.email.data,
            self.name.data,
            tuple(self.roles.data),
            UUID(self.branch_id.data),
            self.all_branches.data,
            branches=tuple(UUID(branch) for branch in self.branches.data),
            member_id=self.member_id,
        )

    def to_update(self, user_id: UUID, *, is_active: bool) -> UpdateUser:
        return UpdateUser(
            user_id,
            self.email.data,
            self.name.data,
            tuple(self.roles.data),
            UUID(self.branch_id.data),
            self.all_branches.data,
            is_active,
            tuple(UUID(branch) for branch in self.branches.data),
            self.member_id,
        )


class RoleForm(SaccoForm):
    code = StringField(
        "Code",
        [InputRequired("Enter a code"), Regexp(r"[a-z][a-z_]{1,28}\Z", message="Small letters and underscores")],
        filters=(strip,),
    )
    name = StringField("Name", [InputRequired("Enter the name"), Length(max=60)], filters=(strip,))
    requires_totp = BooleanField("Signs in with a second factor")
    permissions = SelectMultipleField("May", choices=list(PERMISSIONS.items()))
    reason = StringField("Reason", [Length(max=300)], filters=(strip,))

    def to_command(self, role_id: UUID | None) -> SaveRole:
        return SaveRole(
            self.code.data, self.name.data, self.requires_totp.data, tuple(self.permissions.data or ()), role_id
        )


class ClientForm(SaccoForm):
    name = StringField("Name", [InputRequired("Enter the name"), Length(max=120)], filters=(strip,))
    contact = StringField(
        "Whom to call", [InputRequired("Name a person and a phone"), Length(max=120)], filters=(strip,)
    )
    scopes = Boxes("May", [at_least_one], choices=list(SCOPES.items()))
    networks = StringField("Calls from", [Length(max=300)], filters=(strip,))
    branches = Boxes("Sees only")
    expires_on = DateField("Ends after", [Optional()])
    reason = StringField("Reason", [Length(max=300)], filters=(strip,))

    def __init__(self, branches: Choices, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.branches.choices = list(branches)

    def to_command(self) -> SaveClient:
        day = self.expires_on.data
        end = datetime.combine(day, time.max.replace(microsecond=0), KAMPALA) if day else None
        networks = tuple(part for part in (self.networks.data or "").replace(",", " ").split() if part)
        branches = tuple(UUID(branch) for branch in self.branches.data or ())
        return SaveClient(self.name.data, self.contact.data, tuple(self.scopes.data), networks, branches, end)


class ReasonForm(SaccoForm):
    reason = StringField("Reason", [InputRequired("Say why"), Length(max=300)], filters=(strip,))
